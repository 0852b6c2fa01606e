namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>What <c>docs/steerctl.md</c> says is what happens.</summary>
public sealed class DocumentedExampleTests : IDisposable
{
    private readonly NetworkNamespace _space = new();
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Titles => [.. DocumentedExample.All.Select(example => example.Title)];

    public void Dispose()
    {
        foreach (var process in Command.Run("ip", "netns", "pids", _space.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Command.Try("kill", "-KILL", process);
        _space.Dispose();
        _directory.Dispose();
    }

    [KernelTheory]
    [MemberData(nameof(Titles))]
    public void An_example_does_what_it_says(string title)
    {
        var example = DocumentedExample.All.Single(example => example.Title == title);
        foreach (var (name, text) in example.Files)
            _directory.Write(name, text);
        _directory.Write("script", example.Script);

        // A mount namespace of its own has /sys/fs/bpf to itself, and all that is pinned there goes with its processes.
        var result = Command.Try(
            "env", "-C", _directory.Path, $"PATH={Path.GetDirectoryName(SteerctlProgram.Path)}:/usr/sbin:/usr/bin:/sbin:/bin",
            "nsenter", $"--net={_space.Path}", "unshare", "--mount", "--propagation", "private",
            "bash", "-c", "mount -t bpf bpf /sys/fs/bpf && exec bash script");
        var outputs = example.Steps.Select((_, i) => Read(DocumentedExample.OutputOf(i))).ToArray();
        Assert.True(result.ExitCode == 0, $"It ended with {result.ExitCode}: {result.Error}{result.Output}{string.Join("", outputs)}{Read("error.log")}");
        Assert.Equal(
            example.Steps.Where(step => step.Output is not null).Select(step => step.Output),
            outputs.Where((_, i) => example.Steps[i].Output is not null));
    }

    [KernelFact]
    public void The_units_of_systemd_are_valid()
    {
        foreach (var path in Directory.GetFiles(Repository.PathOf("deploy", "systemd")))
            WriteUnit(Path.GetFileName(path), File.ReadAllText(path));
        foreach (var (name, text) in DocumentedExample.All.SelectMany(example => example.Files).Where(file => file.Value.StartsWith('[')))
            WriteUnit(name, text);
        WriteUnit("web.service", "[Service]\nExecStart=/bin/true\n");
        var units = Directory.GetFiles(_directory.Path).Where(path => path.Contains('.', StringComparison.Ordinal));
        var result = Command.Try("systemd-analyze", ["verify", "--man=no", .. units]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    /// <summary>The program is not installed on the machine of the test; and of a template, an instance is checked.</summary>
    private void WriteUnit(string name, string text) => _directory.Write(name.Replace("@.", "@test.", StringComparison.Ordinal), text.Replace("/usr/bin/steerctl", "/bin/true", StringComparison.Ordinal));

    private string Read(string name) => Path.Combine(_directory.Path, name) is var path && File.Exists(path) ? File.ReadAllText(path) : "";
}
