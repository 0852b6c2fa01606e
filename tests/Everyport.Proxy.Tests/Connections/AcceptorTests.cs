using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Tests.Reactors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>An acceptor that may not, or cannot, accept what waits.</summary>
public sealed class AcceptorTests : IDisposable
{
    private readonly ReactorScene _scene = new();
    private readonly SpareDescriptor _spare = new();
    private readonly Refusals _refusals = new(TimeProvider.System, NullLogger<Refusals>.Instance);

    public void Dispose()
    {
        _scene.Dispose();
        _spare.Dispose();
    }

    [Fact]
    public async Task What_comes_after_the_stop_stays_in_the_queue_and_keeps_no_processor_busy()
    {
        var listener = Own();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        listener.Blocking = false;
        var acceptor = New(listener);
        acceptor.Listen();
        acceptor.Stop();
        await Own().ConnectAsync(listener.LocalEndPoint!);
        await AssertIdleAsync();
    }

    [Fact]
    public async Task What_cannot_be_accepted_keeps_no_processor_busy()
    {
        New(Own()).Listen(); // it is none that listens: epoll tells of it, and accept fails, for ever
        await AssertIdleAsync();
    }

    /// <summary>A reactor that is told of something without end uses all of the time.</summary>
    private async Task AssertIdleAsync()
    {
        var path = $"/proc/self/task/{await _scene.RunAsync(() => ValueTask.FromResult(ThreadId()))}/stat";
        var before = Ticks(path);
        var reached = SpinWait.SpinUntil(() => Ticks(path) - before > 30, TimeSpan.FromSeconds(1)); // of 10 ms
        Assert.False(reached);
    }

    private static string ThreadId() => new FileInfo("/proc/thread-self").ResolveLinkTarget(returnFinalTarget: false)!.Name;

    private static long Ticks(string path)
    {
        var fields = File.ReadAllText(path).Split(')')[^1].Split(' ');
        return long.Parse(fields[12]) + long.Parse(fields[13]);
    }

    private readonly ConnectionLimit _total = new(10);

    private Acceptor New(Socket listener)
    {
        var shared = new AcceptorsShare(() => _total, new ConnectionBalance(1), _refusals, _spare);
        return new Acceptor(0, _scene.Reactor, listener, dispatcher: null!, forwarder: null!, shared, NullLogger<Acceptor>.Instance);
    }

    private Socket Own() => _scene.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
}
