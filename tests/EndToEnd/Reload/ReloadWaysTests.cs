using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;
using static Everyport.EndToEnd.Tests.Reload.ReloadScene;

namespace Everyport.EndToEnd.Tests.Reload;

/// <summary>The ways in which a configuration changes, and what is said of one that is bad.</summary>
public sealed class ReloadWaysTests : IDisposable
{
    private readonly ReloadScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void A_file_is_taken_up_however_it_changes()
    {
        // In place.
        File.WriteAllText(_scene.Path, _scene.Configuration(other: true));
        _scene.AwaitOther(true);
        // Gone for a moment.
        File.Delete(_scene.Path);
        File.WriteAllText(_scene.Path, _scene.Configuration());
        _scene.AwaitOther(false);
        // As Kubernetes does it: the file leads over a directory that is a link, and that link changes.
        using var volume = new TemporaryDirectory();
        var (first, second) = (Directory.CreateDirectory($"{volume.Path}/first").FullName, Directory.CreateDirectory($"{volume.Path}/second").FullName);
        File.WriteAllText($"{first}/appsettings.json", _scene.Configuration(other: true));
        File.WriteAllText($"{second}/appsettings.json", _scene.Configuration());
        File.CreateSymbolicLink($"{volume.Path}/..data", first);
        File.Delete(_scene.Path);
        File.CreateSymbolicLink(_scene.Path, $"{volume.Path}/..data/appsettings.json");
        _scene.AwaitOther(true);
        File.CreateSymbolicLink($"{volume.Path}/..next", second);
        Command.Run("mv", "-T", $"{volume.Path}/..next", $"{volume.Path}/..data");
        _scene.AwaitOther(false);
    }

    [KernelFact]
    public void SIGHUP_and_a_request_do_it_where_the_file_is_not_watched()
    {
        const string Unwatched = """, "Configuration": { "Watch": false }""";
        _scene.Rename(_scene.Configuration(more: Unwatched));
        _scene.Everyport.AssertTells("is in force after");
        _scene.Rename(_scene.Configuration(other: true, Unwatched));
        var (status, report) = _scene.Post();
        Assert.Equal((200, "Applied"), (status, report.GetProperty("result").GetString()));
        Assert.Equal(200, _scene.Get(Other));
        Assert.Equal(report.GetProperty("hash").GetString(), _scene.Status().GetProperty("hash").GetString());

        _scene.Rename(_scene.Configuration(more: """, "Configuration": { "Watch": false }, "Limits": { "FlowThreads": 2 }"""));
        _scene.Everyport.HangUp();
        _scene.AwaitOther(false);
        _scene.Everyport.AssertTells("Limits:FlowThreads has changed, which takes effect at the next start");
    }

    [KernelFact]
    public void A_level_of_the_log_changes_while_it_runs()
    {
        Echo();
        _scene.Rename(_scene.Configuration(more: """, "Logging": { "LogLevel": { "Everyport": "Debug" } }"""));
        _scene.Everyport.AssertTells("is in force after");
        Assert.DoesNotContain(_scene.Everyport.Messages, message => message.StartsWith("Stream echo to ", StringComparison.Ordinal));
        Echo();
        _scene.Everyport.AssertTells("Stream echo to ", "ended: Finished");

        void Echo() => _scene.Namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(Ground, EchoPort);
            socket.Send("echo"u8);
            Assert.Equal("echo"u8, TcpClients.Receive(socket, 4));
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.Empty(TcpClients.ReceiveToEnd(socket));
        });
    }

    [KernelFact]
    public void Where_the_kernel_refuses_all_goes_back_and_it_is_told_why()
    {
        var hash = _scene.Status().GetProperty("hash").GetString();
        _scene.Namespace.Run(() =>
        {
            using var kept = TcpClients.Connect(Ground, WebPort);
            Ask(kept);
            // Steering is the last thing to be switched.
            EveryportProgram.DetachFrom(_scene.Namespace);
            _scene.Rename(_scene.Configuration(other: true));
            _scene.Everyport.AssertTells("was not reloaded", "somebody has detached the program");
            var (status, report) = _scene.Post();
            Assert.Equal((409, "Failed", hash), (status, report.GetProperty("result").GetString(), report.GetProperty("hash").GetString()));
            Assert.DoesNotContain("other-echo", HttpClient10.Get(ReloadScene.Admin, AdminPort, "/api/status").Body, StringComparison.Ordinal);
            Ask(kept);
        });

        static void Ask(System.Net.Sockets.Socket socket)
        {
            socket.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
            Assert.Equal("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(TcpClients.Receive(socket, 12)));
            while (socket.Available > 0)
                TcpClients.Receive(socket, 1);
        }
    }

    [KernelFact]
    public void A_bad_file_changes_nothing_and_says_why_once()
    {
        var hash = _scene.Status().GetProperty("hash").GetString();
        var bad = _scene.Configuration(other: true).Replace("\"Routes\"", "\"Rutes\"", StringComparison.Ordinal).Replace("\"MaxConnections\": 100", "\"MaxConnections\": \"many\"", StringComparison.Ordinal);
        _scene.Rename(bad);
        _scene.Everyport.AssertTells("was not reloaded", "'Routes'", "'many' is not");
        _scene.Rename(bad + "\n");
        // Long enough for the file to have been looked at again and again.
        Thread.Sleep(3000);
        Assert.Equal(1, Told());
        var (status, report) = _scene.Post();
        Assert.Equal((422, "Invalid", hash), (status, report.GetProperty("result").GetString(), report.GetProperty("hash").GetString()));
        Assert.Equal(2, report.GetProperty("errors").GetArrayLength());
        Assert.Equal(["ReverseProxy:Rutes", "Streams:other-echo:MaxConnections"], report.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()).Order());
        // Once for the file, however often it is looked at and written anew, and once for who has asked.
        Eventually.Holds(() => Told() >= 2, "who has asked is not told in the log");
        Assert.Equal(2, Told());
        Assert.Equal("Invalid", _scene.Status().GetProperty("lastReload").GetProperty("result").GetString());
        Assert.Equal((200, 0), (_scene.Get(Ground), _scene.Get(Other)));

        _scene.Rename("{ \"Steering\": ");
        _scene.Everyport.AssertTells("was not reloaded", "Cannot read the configuration");
        _scene.Rename(_scene.Configuration(other: true));
        _scene.AwaitOther(true);
        Assert.Equal("Applied", _scene.Status().GetProperty("lastReload").GetProperty("result").GetString());
    }

    private int Told() => _scene.Everyport.Messages.Count(message => message.Contains("was not reloaded", StringComparison.Ordinal));
}
