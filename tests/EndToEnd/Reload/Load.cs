using System.Collections.Concurrent;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Reload;

/// <summary>Clients that ask on and on, each on a thread of its own in the namespace, until the test has seen enough. Whatever fails is kept.</summary>
internal sealed class Load(NetworkNamespace @namespace) : IDisposable
{
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly List<Thread> _threads = [];
    private volatile bool _enough;

    /// <summary>What has failed, each with the name of its client.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>How often each client was answered.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>A client that opens a connection for each question.</summary>
    public void AskAnew(string name, Action ask) => Start(name, () =>
    {
        while (!_enough)
        {
            ask();
            Count(name);
        }
    });

    /// <summary>A client that asks all that it has to ask on one connection.</summary>
    public void AskOn(string name, string address, int port, Action<Socket> ask) => Start(name, () =>
    {
        using var socket = TcpClients.Connect(address, port);
        while (!_enough)
        {
            ask(socket);
            Count(name);
        }
    });

    /// <summary>A client of UDP that has one flow.</summary>
    public void AskByUdp(string name, string address, int port) => Start(name, () =>
    {
        using var socket = UdpClients.Connect(address, port);
        var number = 0;
        while (!_enough)
        {
            var question = BitConverter.GetBytes(++number);
            socket.Send(question);
            Assert.Equal(question, UdpClients.Receive(socket));
            Count(name);
        }
    });

    /// <summary>Returns when every client has been answered once more.</summary>
    public void WaitForAll()
    {
        var before = _asked.ToDictionary();
        Eventually.Holds(
            () => !_failures.IsEmpty || _asked.Count == _threads.Count && _asked.All(client => client.Value > before.GetValueOrDefault(client.Key) + 1),
            () => $"Not all clients were answered: {string.Join(", ", _asked)}");
    }

    public void Dispose()
    {
        _enough = true;
        _threads.ForEach(thread => thread.Join());
    }

    private void Count(string name) => _asked.AddOrUpdate(name, 1, (_, count) => count + 1);

    private void Start(string name, Action client)
    {
        var thread = new Thread(() =>
        {
            try
            {
                @namespace.Run(client);
            }
            catch (Exception e)
            {
                _failures.Add($"{name} after {_asked.GetValueOrDefault(name)}: {e.Message}");
            }
        })
        { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }
}
