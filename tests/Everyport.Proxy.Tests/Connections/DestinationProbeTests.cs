using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Names;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tests.Reactors;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>The check of a destination that takes its time.</summary>
public sealed class DestinationProbeTests : IDisposable
{
    private readonly ReactorScene _scene = new();
    private readonly Socket _listener;

    public DestinationProbeTests()
    {
        _listener = NewSocket();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_destination_that_answers_late_but_in_time_is_healthy()
    {
        await FallSilentAsync();
        var probing = ProbeAsync(ReactorScene.Patience);
        await Task.WhenAny(probing, Task.Delay(200));
        Assert.False(probing.IsCompleted);
        using var room = await _listener.AcceptAsync(); // for the SYN that is sent again
        Assert.True(await probing);
    }

    [Fact]
    public async Task A_destination_that_does_not_answer_in_time_is_not()
    {
        await FallSilentAsync();
        Assert.False(await ProbeAsync(TimeSpan.FromMilliseconds(200)));
    }

    private async Task<bool> ProbeAsync(TimeSpan timeout)
    {
        await using var names = await NameTable.StartAsync([], Dns.GetHostAddressesAsync, TimeProvider.System, NullLogger<NameTable>.Instance);
        var dialler = new DestinationDialler(new UpstreamDialler(_scene.Reactor, new UpstreamRegistry(_ => false)), names, clientSources: () => null);
        var reactors = new ReactorGroup<DestinationDialler>([new(_scene.Reactor, dialler)]);
        var port = (ushort)((IPEndPoint)_listener.LocalEndPoint!).Port;
        var destination = new StreamDestination("a", Protocols.Tcp, IPAddress.Loopback.ToString(), port);
        using var tls = new UpstreamTlsClusters([], TimeProvider.System, NullLogger<UpstreamTlsLog>.Instance);
        return await new DestinationProbe(reactors, tls).ProbeAsync("c", destination, timeout, CancellationToken.None).WaitAsync(ReactorScene.Patience);
    }

    /// <summary>The kernel drops each SYN while the queue of a listener is full.</summary>
    private async Task FallSilentAsync() => await NewSocket().ConnectAsync(_listener.LocalEndPoint!);

    private Socket NewSocket() => _scene.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
}
