using System.Text.RegularExpressions;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Lifecycle;

namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>What only the published program shows: that it is one file, and how it gets along with shells, signals and itself.</summary>
public sealed partial class SteerctlProgramTests : IDisposable
{
    private readonly SteerctlScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void It_is_one_file_beside_its_man_page_and_needs_libbpf_only_to_steer()
    {
        var directory = Path.GetDirectoryName(SteerctlProgram.Path)!;
        Assert.Equal(["steerctl", "steerctl.1"], Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("libbpf", Command.Run("ldd", SteerctlProgram.Path), StringComparison.Ordinal);
        Assert.DoesNotContain("libbpf", Loaded("version"), StringComparison.Ordinal);
        Assert.Contains("libbpf", Loaded("status"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Many_at_once_leave_a_state_with_all_that_they_have_bound()
    {
        const int Writers = 60;
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, number =>
            _scene.Run("bind", "--lock-timeout", "300", $"service-{number}", "tcp", $"10.7.{number}.0/24", "80"));
        var rules = _scene.Status().GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("service").GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, Writers).Select(number => $"service-{number}").Order(StringComparer.Ordinal), rules);
        Assert.Equal(Writers, _scene.Namespace.Ip("route", "show", "table", "local", "type", "local").Split('\n').Count(line => line.Contains("10.7.", StringComparison.Ordinal)));
    }

    [KernelFact]
    public void Bash_completes_verbs_options_services_and_rules()
    {
        _scene.Run("bind", "web", "tcp", "127.7.0.0/16", "443");
        Assert.Equal(["status"], Complete("steerctl st"));
        Assert.Contains("--dry-run", Complete("steerctl apply --d"));
        Assert.Equal(["web"], Complete($"steerctl bind --pin-path {_scene.PinPath} we"));
        Assert.Equal(["any", "tcp", "udp"], Complete($"steerctl bind --pin-path {_scene.PinPath} web ").Where(word => !word.StartsWith('-')));
        Assert.Equal([@"tcp\ 127.7.0.0/16\ 443"], Complete($"steerctl unbind --pin-path {_scene.PinPath} --name tc"));
    }

    [KernelFact]
    public void Metrics_are_served_until_it_is_told_to_end()
    {
        _scene.Run("bind", "web", "tcp", "127.7.0.0/16", "443");
        using var server = BackgroundProcess.Start(_scene.Namespace, LifecycleScene.WithPins[0], [.. LifecycleScene.WithPins[1..], SteerctlProgram.Path, "metrics", "--listen", "127.0.0.1:0", "--netns", _scene.Namespace.Path, "--pin-path", _scene.PinPath]);
        Eventually.Holds(() => server.Output.Contains("/metrics", StringComparison.Ordinal), () => server.Output);
        var port = int.Parse(Listening().Match(server.Output).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var (status, body) = _scene.Namespace.Run(() => (HttpClient10.Get("127.0.0.1", port, "/metrics").Status, HttpClient10.Get("127.0.0.1", port, "/metrics").Body));
        Assert.Equal(200, status);
        Assert.Contains("steerctl_rules{owner=\"steerctl\"} 1\n", body, StringComparison.Ordinal);
        server.Terminate();
        Assert.Equal(0, server.WaitForExit(TimeSpan.FromMinutes(1)));
    }

    [KernelFact]
    public void Status_is_shown_again_and_again_until_nobody_reads()
    {
        var lines = Command.Run("bash", "-c", $"set -o pipefail; '{SteerctlProgram.Path}' status --watch --json {string.Join(' ', _scene.Here)} | head -n 2").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("{\"loaded\":true,", line, StringComparison.Ordinal));
    }

    private string Loaded(string verb) => Command.Run("bash", "-c", $"LD_DEBUG=libs '{SteerctlProgram.Path}' {verb} {string.Join(' ', _scene.Here)} 2>&1 >/dev/null | grep -F 'calling init' || true");

    /// <summary>What bash puts on the command line, or lists, when the tabulator is pressed at its end.</summary>
    private static string[] Complete(string line) => Command.Run("bash", "-c", """
        source <("$1" completion bash)
        COMP_LINE=$2 COMP_POINT=${#2}
        read -ra COMP_WORDS <<<"$2"
        [[ $2 != *' ' ]] || COMP_WORDS+=("")
        COMP_WORDS[0]=$1 COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _steerctl
        printf '%s\n' "${COMPREPLY[@]}" | sort
        """, "complete", SteerctlProgram.Path, line).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)/metrics")]
    private static partial Regex Listening();
}
