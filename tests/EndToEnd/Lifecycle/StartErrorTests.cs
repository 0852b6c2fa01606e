using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>What the operator has to mend is told in words, with exit code 2, and nothing is attached.</summary>
public sealed class StartErrorTests : IDisposable
{
    private const string Good = """{ "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "198.51.100.0/24"] } } } }""";

    private readonly NetworkNamespace _namespace = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _namespace.Dispose();
        _directory.Dispose();
    }

    [KernelFact]
    public void A_bad_configuration_is_one_message_with_all_errors()
    {
        var lines = ErrorOf(EveryportProgram.Try(_namespace,
            """
            {
              "Steering": { "Rules": {
                "edge": { "Prefixes": ["198.51.100.0/33"], "Ports": "70000" },
                "mail": { "Prefix": ["198.51.100.25/32"] }
              } },
              "Streams": { "smtp": { "ClusterId": "mial" } },
              "Limits": { "MaxConections": 5 }
            }
            """, "--Admin:Listen=nowhere")).Split('\n');
        Assert.EndsWith("appsettings.json' has 7 errors:", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  Admin:Listen: 'nowhere' is not an address with a port, such as '127.0.0.1:9464' or '[::1]:9464'",
                "  Limits:MaxConections: is an unknown key; did you mean 'MaxConnections'?",
                "  Steering:Rules:edge:Ports: '70000' is not a port; ports go from 1 to 65535",
                "  Steering:Rules:edge:Prefixes:0: '198.51.100.0/33' has a length that is not a number from 0 to 32",
                "  Steering:Rules:mail:Prefix: is an unknown key; did you mean 'Prefixes'?",
                "  Steering:Rules:mail:Prefixes: is missing; a rule needs at least one prefix such as '198.51.100.0/24'",
                "  Streams:smtp:ClusterId: 'mial' is not a cluster of ReverseProxy:Clusters",
            ],
            lines[1..].Order(StringComparer.Ordinal));
    }

    [KernelFact]
    public void An_argument_that_is_no_setting_is_named()
    {
        var error = ErrorOf(_namespace.TryExec(EveryportProgram.Path, "run", "rules.json"));
        Assert.StartsWith("Unknown argument 'rules.json'.", error, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("-all", "Cannot steer: this process lacks CAP_BPF and CAP_NET_ADMIN (run it as root, or give it the capabilities BPF and NET_ADMIN).")]
    [InlineData("-all,+bpf", "Cannot steer: this process lacks CAP_NET_ADMIN (run it as root, or give it the capabilities BPF and NET_ADMIN).")]
    [InlineData("-all,+net_admin", "Cannot steer: this process lacks CAP_BPF (run it as root, or give it the capabilities BPF and NET_ADMIN).")]
    public void Missing_capabilities_are_named_in_one_sentence(string capabilities, string expected) =>
        Assert.Equal(expected, ErrorOf(_namespace.TryExec(
            "setpriv", "--bounding-set", capabilities, "--inh-caps", "-all", EveryportProgram.Path, "run", "--config", _directory.Write("a.json", Good))));

    [KernelFact]
    public void A_few_capabilities_are_enough()
    {
        using var everyport = RunningEveryport.Start(_namespace, Good, "setpriv", "--bounding-set", "-all,+bpf,+net_admin", "--inh-caps", "-all");
        Assert.Single(EveryportProgram.AttachedTo(_namespace));
        Assert.Equal(0, everyport.Stop());
        Assert.Equal("", EveryportProgram.RoutesIn(_namespace));
    }

    [KernelFact]
    public void Without_libbpf_one_sentence_says_how_to_install_it()
    {
        // In a mount namespace of its own the program finds an empty file in place of the library.
        var library = Command.Run("ldconfig", "-p").Split('\n').Single(line => line.Contains("libbpf.so.1 ", StringComparison.Ordinal)).Split("=> ")[1].Trim();
        var error = ErrorOf(_namespace.TryExec(
            "unshare", "-m", "sh", "-c", "mount --bind /dev/null \"$(readlink -f \"$1\")\" && shift && exec \"$@\"", "sh", library,
            EveryportProgram.Path, "run", "--config", _directory.Write("a.json", Good)));
        Assert.Equal("Cannot steer: libbpf.so.1 is not installed (run 'apt-get install libbpf1').", error);
    }

    [KernelFact]
    public void An_admin_port_that_is_taken_is_named_with_its_setting()
    {
        using var other = TcpServer.WithBanner(_namespace, "127.0.0.1", 9464, "");
        Assert.Equal(
            "Cannot listen on 127.0.0.1:9464 (Admin:Listen): Address already in use. Choose another address with --Admin:Listen=ADDRESS:PORT, or stop what uses it.",
            ErrorOf(EveryportProgram.Try(_namespace, Good)));
    }

    [KernelTheory]
    [InlineData(9465, "Demo:Http")]
    [InlineData(9466, "Demo:Echo")]
    public void A_demo_port_that_is_taken_is_named_with_its_setting(int port, string key)
    {
        using var other = TcpServer.WithBanner(_namespace, "127.0.0.1", port, "");
        var error = ErrorOf(_namespace.TryExec(EveryportProgram.Path, "run", "--config", _directory.Write("a.json",
            """{ "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } }, "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" } }""")));
        Assert.StartsWith($"Cannot listen on 127.0.0.1:{port} ({key}): Address already in use.", error, StringComparison.Ordinal);
    }

    /// <summary>The message, after it is certain that the program has ended with 2, has said nothing else, and has attached nothing.</summary>
    private string ErrorOf(Command.Result result)
    {
        Assert.Empty(EveryportProgram.AttachedTo(_namespace));
        Assert.Equal("", EveryportProgram.RoutesIn(_namespace));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        var error = result.Error.TrimEnd('\n');
        Assert.DoesNotContain("\n   at ", error, StringComparison.Ordinal);
        return error;
    }
}
