using System.Net.Sockets;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Lifecycle;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>The proxy and steerctl, as programs, on one steering.</summary>
public sealed class SharingTests : IDisposable
{
    /// <summary>Of the range that the proxy has, a port that goes to a service without sockets: whoever dials it is refused.</summary>
    private const int BoundPort = 9;

    private readonly LifecycleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void What_steerctl_has_bound_outlives_everything_that_a_proxy_goes_through_and_the_other_way_round()
    {
        Run("load");
        Run("bind", "files", "tcp", "127.100.0.0/16", $"{BoundPort}");
        var everyport = _scene.StartPinned();
        AssertBothHold();
        everyport.HangUp();
        everyport.AssertTells(" is in force after ");
        AssertBothHold();
        everyport.Kill();
        everyport.WaitForExit();
        Assert.Equal(["proxy", "steerctl"], Owners());

        var second = _scene.StartPinned();
        second.AssertTells("Took over the steering in ");
        AssertBothHold();
        Run("bind", "more", "tcp", "127.100.0.0/16", "10");
        Run("unbind", "more", "tcp", "127.100.0.0/16", "10");
        AssertBothHold();
        var third = _scene.StartPinned();
        Assert.Equal(0, second.WaitForExit());
        AssertBothHold();
        Assert.Contains("127.100.0.0/16 9", _scene.Namespace.Run(() => HttpClient10.Get("127.0.0.1", 9464, "/api/status").Body), StringComparison.Ordinal);

        var refusal = SteerctlProgram.Try(["unload", .. Here]);
        Assert.Equal(1, refusal.ExitCode);
        Assert.Contains("rules of owner 'proxy' are in force, and sockets of service 'proxy' are registered", refusal.Error, StringComparison.Ordinal);
        AssertBothHold();

        Assert.Equal(0, third.Stop());
        Assert.Equal(["steerctl"], Owners());
        using var other = Origins.TcpServer.WithBanner(_scene.Namespace, LifecycleScene.Address, LifecycleScene.StreamPort, "normal");
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            Assert.Equal("normal"u8, TcpClients.Receive(stream, 6));
            AssertIsBound();
        });
        Run("unload");
        Assert.Empty(EveryportProgram.AttachedTo(_scene.Namespace));
    }

    private string[] Here => ["--netns", _scene.Namespace.Path, "--pin-path", _scene.Pins.Path];

    private void Run(params string[] arguments) => SteerctlProgram.Run([.. arguments, .. Here]);

    private IEnumerable<string> Owners() =>
        JsonElement.Parse(SteerctlProgram.Run(["status", "--json", .. Here])).GetProperty("rules").EnumerateArray()
            .Select(rule => rule.GetProperty("owner").GetString()!).Distinct().Order(StringComparer.Ordinal);

    private void AssertBothHold() => _scene.Namespace.Run(() =>
    {
        using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
        AssertIsBound();
    });

    private static void AssertIsBound() =>
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => TcpClients.Connect(LifecycleScene.Address, BoundPort)).SocketErrorCode);
}
