using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>Clients of all kinds that go on until they are told to stop, and note whatever goes wrong.</summary>
internal sealed class Load : IDisposable
{
    private readonly LifecycleScene _scene;
    private readonly List<Thread> _threads = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private int _requests, _streams, _questions, _lost;
    private volatile bool _stopped;

    public Load(LifecycleScene scene)
    {
        _scene = scene;
        for (var i = 0; i < 2; i++)
        {
            Repeat("a request on a new connection", NewRequest);
            Repeat("a stream", NewStream);
        }
        Start("requests on one connection after the other", KeepAlive);
        Start("a flow", Flow);
    }

    /// <summary>What went wrong so far. No line for lost datagrams.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Questions of a flow that got no answer, of all.</summary>
    public (int Lost, int Of) Flows => (_lost, _questions);

    /// <summary>Waits until clients of every kind have been served again.</summary>
    public void AssertGoesOn()
    {
        var (requests, streams, questions) = (_requests, _streams, _questions);
        Eventually.Holds(
            () => _requests > requests + 20 && _streams > streams + 20 && _questions > questions + 20,
            () => $"It stands still: {string.Join("; ", _failures)}");
    }

    public void Dispose()
    {
        _stopped = true;
        _threads.ForEach(thread => thread.Join());
    }

    private void NewRequest()
    {
        Assert.Equal(200, HttpClient10.Get(LifecycleScene.Address, LifecycleScene.HttpPort).Status);
        Interlocked.Increment(ref _requests);
    }

    private void NewStream()
    {
        using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
        stream.Shutdown(SocketShutdown.Send);
        Assert.Empty(TcpClients.ReceiveToEnd(stream));
        Interlocked.Increment(ref _streams);
    }

    private void KeepAlive()
    {
        while (!_stopped)
        {
            using var connection = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.HttpPort);
            for (var answer = ""; !_stopped && !answer.Contains("Connection: close", StringComparison.Ordinal);)
            {
                connection.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
                for (answer = ""; !answer.EndsWith("\r\n\r\nok", StringComparison.Ordinal);)
                {
                    var received = TcpClients.Receive(connection, 1);
                    Assert.NotEmpty(received);
                    answer += Encoding.ASCII.GetString(received);
                }
            }
        }
    }

    private void Flow()
    {
        const int PatienceMicroseconds = 2_000_000;
        using var client = UdpClients.Connect(LifecycleScene.Address, LifecycleScene.FlowPort);
        for (var number = 0; !_stopped; number++)
        {
            var question = BitConverter.GetBytes(number);
            client.Send(question);
            Interlocked.Increment(ref _questions);
            // What comes for an earlier question was only late.
            var isAnswered = false;
            while (!isAnswered && client.Poll(PatienceMicroseconds, SelectMode.SelectRead))
                isAnswered = UdpClients.Receive(client).SequenceEqual(question);
            if (!isAnswered)
                Interlocked.Increment(ref _lost);
        }
    }

    private void Repeat(string what, Action action) => Start(what, () =>
    {
        while (!_stopped)
            action();
    });

    private void Start(string what, Action action)
    {
        var thread = new Thread(() => _scene.Namespace.Run(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _failures.Enqueue($"{what}: {e.Message}");
            }
        }));
        _threads.Add(thread);
        thread.Start();
    }
}
