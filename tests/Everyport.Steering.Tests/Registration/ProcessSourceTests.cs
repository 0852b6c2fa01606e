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
}
