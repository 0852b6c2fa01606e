using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;
using Xunit.Abstractions;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>With PinPath, steering outlives a process, and another one takes its place without a lost connection.</summary>
public sealed class TakeOverTests(ITestOutputHelper output) : IDisposable
{
    private const int TakenPort = 7009;

    private readonly LifecycleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void A_new_process_takes_over_under_load_and_nobody_notices()
    {
        var everyport = _scene.StartPinned("\"DrainTimeout\": \"01:00:00\"");
        using var load = new Load(_scene);
        load.AssertGoesOn();
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            for (var i = 0; i < 3; i++)
            {
                var next = _scene.StartPinned();
                next.AssertTells("Took over the steering in ");
                everyport.AssertTells("Ending (another process has taken over)");
                load.AssertGoesOn();
                if (i > 0)
                    Assert.Equal(0, everyport.WaitForExit());
                everyport = next;
            }
            // It went through the first of them all the time.
            AssertEchoes(stream);
        });
        Assert.Single(EveryportProgram.AttachedTo(_scene.Namespace));
        output.WriteLine($"lost datagrams: {load.Flows}");
        Assert.Empty(load.Failures);
    }

    [KernelFact]
    public void A_process_that_is_killed_while_it_ends_takes_only_its_own_connections_along()
    {
        var old = _scene.StartPinned();
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            AssertEchoes(stream);
            var next = _scene.StartPinned();
            old.AssertTells("Ending (another process has taken over)");
            using var load = new Load(_scene);
            old.Kill();
            load.AssertGoesOn();
            Assert.Empty(load.Failures);
            Assert.Empty(TcpClients.ReceiveToEnd(stream));

            load.Dispose();
            Assert.Equal(0, next.Stop());
        });
        Assert.Empty(_scene.Pins.Names);
        Assert.Empty(EveryportProgram.AttachedTo(_scene.Namespace));
    }

    [KernelFact]
    public void A_new_process_that_cannot_start_leaves_all_to_the_old_one()
    {
        var everyport = _scene.StartPinned();
        using var load = new Load(_scene);
        using var directory = new TemporaryDirectory();
        using var other = TcpServer.WithBanner(_scene.Namespace, "127.0.0.1", TakenPort, "somebody else");
        var failed = _scene.Namespace.TryExec(
            LifecycleScene.WithPins[0],
            [.. LifecycleScene.WithPins[1..], EveryportProgram.Path, "run", "--config", directory.Write("a.json", LifecycleScene.Configuration("", _scene.PinSetting)), $"--Admin:Listen=127.0.0.1:{TakenPort}"]);
        Assert.Equal(2, failed.ExitCode);
        Assert.Contains($"Cannot listen on 127.0.0.1:{TakenPort} (Admin:Listen)", failed.Error, StringComparison.Ordinal);
        load.AssertGoesOn();
        Assert.Empty(load.Failures);
        Assert.DoesNotContain(everyport.Messages, message => message.Contains("Ending", StringComparison.Ordinal));
    }

    [KernelFact]
    public void After_a_crash_all_is_refused_until_the_next_start()
    {
        _scene.StartPinned().Kill();
        using var other = TcpServer.WithBanner(_scene.Namespace, LifecycleScene.Address, LifecycleScene.StreamPort, "the other listener");
        _scene.Namespace.Run(() =>
        {
            Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort)).SocketErrorCode);
            var next = _scene.StartPinned();
            next.AssertTells("Took over the steering in ");
            Assert.Equal(200, HttpClient10.Get(LifecycleScene.Address, LifecycleScene.HttpPort).Status);
        });
    }

    [KernelFact]
    public void Who_has_lost_the_steering_says_so_and_is_not_ready()
    {
        var everyport = _scene.StartPinned();
        EveryportProgram.DetachFrom(_scene.Namespace);
        everyport.AssertTells("Somebody has removed the steering");
        _scene.Namespace.Run(() => Assert.Equal(503, HttpClient10.Get("127.0.0.1", 9464, "/readyz").Status));
        Assert.DoesNotContain(everyport.Messages, message => message.Contains("Ending", StringComparison.Ordinal));
    }

    private static void AssertEchoes(Socket stream)
    {
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
    }
}
