using System.Text.Json;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Commands;

/// <summary>The commands beside <c>run</c>, as an operator uses them.</summary>
public sealed class VerbTests : IDisposable
{
    private const string Token = "a-token-of-this-test";

    private const string Configuration =
        """
        {
          "$schema": "./appsettings.schema.json",
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "10.9.9.9"] } } },
          "ReverseProxy": { "Clusters": { "pg": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7000" } } } } },
          "Streams": { "pg": { "ClusterId": "pg", "Match": { "Ports": "5432" } } },
          "Admin": { "Token": "a-token-of-this-test" }
        }
        """;

    private readonly NetworkNamespace _namespace = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _namespace.Dispose();
        _directory.Dispose();
    }

    [KernelFact]
    public void The_running_proxy_is_asked_with_its_token_and_what_does_not_run_is_said()
    {
        var file = _directory.Write("appsettings.json", Configuration);
        var nobody = Run("status", "--config", file);
        Assert.Equal((1, "Nothing listens at 127.0.0.1:9464 (Admin:Listen): the proxy does not run, or it has another configuration; name that with --config FILE."), (nobody.ExitCode, nobody.Error.Trim()));

        using var everyport = RunningEveryport.Start(_namespace, Configuration);
        var status = Run("status", "--config", file);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("Connections open", status.Output, StringComparison.Ordinal);
        Assert.Contains("tcp://127.0.0.1:7000", status.Output, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(Run("status", "--json", "--config", file).Output).RootElement.GetProperty("ready").GetBoolean());

        Assert.Equal(0, Run("reload", "--config", file).ExitCode);
        var refused = Run("status", "--config", file, $"--Admin:Token={Token}x");
        Assert.Equal((1, "The proxy at 127.0.0.1:9464 wants another token: give the 'Admin:Token' or 'Admin:TokenPath' that it runs with."), (refused.ExitCode, refused.Error.Trim()));
    }

    [KernelFact]
    public void The_doctor_tells_who_has_the_ports_of_others_and_touches_nothing()
    {
        _namespace.Ip("addr", "add", "10.9.9.9/32", "dev", "lo");
        using var ssh = TcpServer.WithBanner(_namespace, "10.9.9.9", 22, "ssh");
        using var admin = TcpServer.WithBanner(_namespace, "127.0.0.1", 9464, "other");
        var doctor = Run("doctor", "--json", "--config", _directory.Write("appsettings.json", Configuration));
        Assert.Equal(2, doctor.ExitCode);
        var findings = JsonDocument.Parse(doctor.Output).RootElement.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("level")} {finding.GetProperty("found")}").ToArray();
        Assert.Contains(findings, finding => finding.StartsWith("problem 127.0.0.1:9464 (Admin:Listen) is taken by '", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.EndsWith("listens on TCP 10.9.9.9 port 22, and keeps it, though the rule 'edge' is for all ports (Steering:LeaveExistingListeners).", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.EndsWith("loads the BPF program.", StringComparison.Ordinal));
        Assert.Empty(EveryportProgram.AttachedTo(_namespace));
        Assert.Equal("", EveryportProgram.RoutesIn(_namespace));
    }

    [KernelFact]
    public void The_doctor_tells_what_a_process_without_privileges_lacks()
    {
        var doctor = _namespace.TryExec("setpriv", "--bounding-set", "-all", "--inh-caps", "-all", EveryportProgram.Path, "doctor", "--config", _directory.Write("appsettings.json", Configuration));
        Assert.Equal(2, doctor.ExitCode);
        Assert.Contains("This process lacks CAP_BPF and CAP_NET_ADMIN", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("It does not start: 1 problem", doctor.Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Programs_can_read_what_is_wrong_with_a_configuration()
    {
        var check = Run("check", "--json", "--config", _directory.Write("bad.json", """{ "Limits": { "MaxFlws": 1 } }"""));
        Assert.Equal(2, check.ExitCode);
        var error = JsonDocument.Parse(check.Output).RootElement.GetProperty("errors")[0];
        Assert.Equal(("Limits:MaxFlws", "is an unknown key; did you mean 'MaxFlows'?"), (error.GetProperty("path").GetString(), error.GetProperty("message").GetString()));
    }

    [KernelFact]
    public void The_schema_is_shipped_beside_the_program_and_is_what_the_program_prints() => Assert.Equal(
        Run("schema").Output, File.ReadAllText(Path.Combine(Path.GetDirectoryName(EveryportProgram.Path)!, "appsettings.schema.json")));

    private Command.Result Run(params string[] arguments) => _namespace.TryExec(EveryportProgram.Path, arguments);
}
