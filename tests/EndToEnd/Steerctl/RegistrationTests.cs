using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>Programs that know nothing of steering, registered by the published program.</summary>
public sealed class RegistrationTests : IDisposable
{
    private const string Edge = "127.7.0.1";

    private readonly SteerctlScene _scene = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly List<BackgroundProcess> _started = [];

    public RegistrationTests() => _scene.Run("bind", "web", "any", "127.7.0.0/16", "*");

    public void Dispose()
    {
        foreach (var process in _started)
        {
            // Killed, NGINX would leave its workers behind.
            process.Terminate();
            _ = process.EndsWithin(TimeSpan.FromSeconds(30));
            process.Dispose();
        }
        _scene.Dispose();
        _directory.Dispose();
    }

    [KernelFact]
    public void A_watch_follows_NGINX_through_its_death_and_ends_without_taking_its_socket()
    {
        var watch = Watch();
        var first = Nginx("first", "master_process off;");
        Eventually.Holds(() => Answers("first"), () => watch.Output);
        first.Kill();
        Assert.Throws<SocketException>(Get);
        Nginx("second", "master_process off;");
        Eventually.Holds(() => Answers("second"), () => watch.Output);

        watch.Terminate();
        Assert.Equal(0, watch.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal("second\n", Get());
    }

    [KernelFact]
    public void Asked_to_it_takes_the_socket_at_its_end()
    {
        var watch = Watch("--unregister");
        Nginx("web");
        Eventually.Holds(() => Answers("web"), () => watch.Output);
        watch.Terminate();
        Assert.Equal(0, watch.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Contains("web: unregistered\n", watch.Output, StringComparison.Ordinal);
        Assert.Throws<SocketException>(Get);
    }

    [KernelFact]
    public void Systemd_is_told_when_it_has_looked_and_when_it_ends()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        var address = Path.Combine(_directory.Path, "notify");
        manager.Bind(new UnixDomainSocketEndPoint(address));
        var watch = Start(["env", $"NOTIFY_SOCKET={address}", SteerctlProgram.Path, "watch", "web", PidFile, .. _scene.Here]);
        Assert.Equal("READY=1", Receive());
        watch.Terminate();
        Assert.Equal("STOPPING=1", Receive());

        string Receive()
        {
            var buffer = new byte[100];
            return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
        }
    }

    [KernelFact]
    public void A_reload_of_NGINX_under_load_loses_no_connection()
    {
        var watch = Watch();
        var server = Nginx("web");
        Eventually.Holds(() => Answers("web"), () => watch.Output);
        const int Reloads = 3;
        using var stopping = new CancellationTokenSource();
        var answers = Task.Run(() =>
        {
            var count = 0;
            for (; !stopping.IsCancellationRequested; count++)
                Assert.Equal("web\n", Get());
            return count;
        });
        for (var i = 0; i < Reloads; i++)
        {
            var before = Workers();
            server.HangUp();
            Eventually.Holds(() => Workers() != before, "NGINX does not reload");
        }
        stopping.Cancel();
        Assert.True(answers.GetAwaiter().GetResult() > 0);

        string Workers() => Command.Try("pgrep", "--parent", $"{server.Id}").Output;
    }

    [KernelTheory]
    [InlineData("tcp", "web: tcp 127.0.0.1:8080\n")]
    [InlineData("udp", "web: udp 127.0.0.1:8080\n")]
    public void Sockets_that_came_with_the_start_are_registered(string kind, string output)
    {
        var result = Activate(kind);
        Assert.Equal((0, output, ""), (result.ExitCode, result.Output, result.Error));
    }

    [KernelTheory]
    [InlineData("bound", "a TCP socket must listen first")]
    [InlineData("unix", "it is a Unix socket, and only TCP and UDP can be steered")]
    [InlineData("file", "it is no socket, but something else that is open")]
    [InlineData("mptcp", "it is an MPTCP socket, and the kernel steers to plain TCP only; switch MPTCP off in the program")]
    public void What_is_no_listener_is_refused_in_words_and_the_others_with_it(string kind, string why)
    {
        var result = Activate("udp", kind);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"Cannot register the descriptor 4 for the service 'web': {why}", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.\n", result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Sockets_of_another_namespace_are_refused()
    {
        using var other = new NetworkNamespace();
        var result = Activate(other, "tcp");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("Cannot register the socket tcp 127.0.0.1:8080 for the service 'web': it is in another network namespace than the steering", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Those that <c>steerctl-watch@.service</c> leaves.</summary>
    [KernelFact]
    public void It_takes_two_capabilities_to_register_sockets_of_another_user()
    {
        var server = Start(["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c", "import socket,time; s=socket.create_server(('127.0.0.1', 8080)); time.sleep(600)"]);
        Eventually.Holds(() => _scene.Namespace.Exec("ss", "-Hltn").Length > 0, () => server.Output);
        Assert.Equal(1, Register("-all,+dac_read_search").ExitCode);
        var result = Register("-all,+dac_read_search,+sys_ptrace");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));

        Command.Result Register(string capabilities) => Command.Try(
            "nsenter", $"--net={_scene.Namespace.Path}", "setpriv", $"--bounding-set={capabilities}", $"--inh-caps={capabilities}", SteerctlProgram.Path, "register", "--pid", $"{server.Id}", "web", "--pin-path", _scene.PinPath);
    }

    private string PidFile => Path.Combine(_directory.Path, "web.pid");

    private BackgroundProcess Watch(params string[] options) => Start([SteerctlProgram.Path, "watch", .. options, "web", PidFile, .. _scene.Here]);

    /// <summary>With the mounts of the test: <c>ip netns exec</c> would hide the BPF file system.</summary>
    private BackgroundProcess Start(string[] command)
    {
        var process = BackgroundProcess.Start(_scene.Namespace, "nsenter", [$"--mount=/proc/{Environment.ProcessId}/ns/mnt", .. command]);
        _started.Add(process);
        return process;
    }

    private BackgroundProcess Nginx(string name, string more = "worker_processes 2;")
    {
        var configuration = _directory.Write("nginx.conf", $$"""
            daemon off;
            user root;
            pid {{PidFile}};
            error_log stderr;
            {{more}}
            events { }
            http {
              access_log off;
              server { listen 127.0.0.1:8080; return 200 "{{name}}\n"; }
            }
            """);
        return Start(["nginx", "-p", _directory.Path, "-c", configuration, "-e", "stderr"]);
    }

    private string Get() => _scene.Namespace.Run(() => HttpClient10.Get(Edge, 80, "/").Body);

    private bool Answers(string name)
    {
        try
        {
            return Get() == $"{name}\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Command.Result Activate(params string[] kinds) => Activate(_scene.Namespace, kinds);

    private Command.Result Activate(NetworkNamespace space, params string[] kinds) => Command.Try("nsenter",
        [$"--net={space.Path}", "python3", Repository.PathOf("tests", "EndToEnd", "Steerctl", "activate.py"), .. kinds, "--", SteerctlProgram.Path, "register", .. _scene.Here]);
}
