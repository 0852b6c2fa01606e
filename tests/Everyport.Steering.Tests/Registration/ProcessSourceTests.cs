using System.Diagnostics;
using Everyport.Steering.Registration;

namespace Everyport.Steering.Tests.Registration;

public sealed class ProcessSourceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("4711", false)]
    [InlineData("/run/nginx.pid", true)]
    [InlineData("unit:nginx.service", true)]
    [InlineData("cgroup:/sys/fs/cgroup/web", true)]
    public void A_number_alone_ends_with_its_process(string text, bool outlives)
    {
        using var source = ProcessSource.Parse(text);
        Assert.Equal(outlives, source.OutlivesItsProcess);
        Assert.Equal(text, source.ToString());
    }

    [Theory]
    [InlineData("system.slice/nginx.service")]
    [InlineData("system.slice/system-web.slice/nginx.service")]
    [InlineData("nginx.service")]
    public void A_unit_is_found_in_whichever_slice_it_is(string path)
    {
        var group = new UnitDirectory("nginx.service", [Path.Combine(_directory.Path, "missing"), _directory.Path]);
        Assert.Null(group.Find());
        Assert.Equal("There is no unit 'nginx.service' that runs: 'systemctl status nginx.service' says more.", group.WhyNone());

        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, path)).FullName;
        Directory.CreateDirectory(Path.Combine(_directory.Path, "other.service", "nginx.service"));
        Assert.Equal(directory, new UnitDirectory("nginx.service", [_directory.Path]).Find());
    }

    [Fact]
    public void A_control_group_has_the_processes_of_those_below_it()
    {
        _directory.Write("cgroup.procs", "11\n12\n");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "worker"));
        _directory.Write("worker/cgroup.procs", "13\n");
        using var source = ProcessSource.Parse($"cgroup:{_directory.Path}");
        Assert.Equal([11, 12, 13], source.Processes());
    }

    [Fact]
    public void A_PID_file_that_is_being_written_names_nobody_yet()
    {
        using var source = ProcessSource.Parse(_directory.Write("web.pid", ""));
        Assert.Empty(source.Processes());
        _directory.Write("web.pid", $"{Environment.ProcessId}\n");
        Assert.Equal([Environment.ProcessId], source.Processes());
    }

    [Fact]
    public void A_PID_file_that_is_older_than_the_process_of_its_number_names_nobody_until_it_is_written_again()
    {
        var file = _directory.Write("web.pid", $"{Environment.ProcessId}\n");
        File.SetLastWriteTimeUtc(file, Process.GetCurrentProcess().StartTime.ToUniversalTime() - TimeSpan.FromSeconds(10));
        using var source = ProcessSource.Parse(file);
        Assert.Empty(source.Processes());
        Assert.StartsWith($"The PID file '{file}' is older than the process {Environment.ProcessId} ('", source.WhyNone(), StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        Assert.Equal([Environment.ProcessId], source.Processes());
    }

    [Theory]
    [InlineData("unit:")]
    [InlineData("unit:..")]
    [InlineData("unit:/etc")]
    [InlineData("unit:system.slice/nginx.service")]
    [InlineData("cgroup:")]
    [InlineData("cgroup:web")]
    public void What_would_lead_to_processes_of_others_is_refused(string text) =>
        Assert.StartsWith($"'{text}' does not name a ", Assert.Throws<FormatException>(() => ProcessSource.Parse(text)).Message, StringComparison.Ordinal);
}
