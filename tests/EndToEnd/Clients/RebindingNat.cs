using System.Net;
using System.Net.Sockets;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>
/// A NAT in front of one UDP client that gives it another address when it sends after a number of answers. What comes to the
/// first address still gets through: a client that only receives would never send again, and its server never learn.
/// </summary>
internal sealed class RebindingNat : IDisposable
{
    private readonly Socket _inside = UdpClients.Bind("127.0.0.1", 0);
    private readonly Socket[] _outside;
    private readonly CancellationTokenSource _stopping = new();
    private EndPoint? _client;
    private int _answers;

    /// <summary>Relays to an endpoint. Make it in the namespace.</summary>
    public RebindingNat(string address, int port, int answersBefore, string first, string second)
    {
        _outside = [UdpClients.Bind(first, 0), UdpClients.Bind(second, 0)];
        foreach (var socket in _outside)
            socket.Connect(IPAddress.Parse(address), port);
        _ = OutAsync(answersBefore);
        _ = InAsync(_outside[0]);
        _ = InAsync(_outside[1]);
    }

    /// <summary>Where the client sends to.</summary>
    public int Port => ((IPEndPoint)_inside.LocalEndPoint!).Port;

    /// <summary>Answers that have come to the second address.</summary>
    public int AnswersAfter { get; private set; }

    public void Dispose()
    {
        _stopping.Cancel();
        _inside.Dispose();
        foreach (var socket in _outside)
            socket.Dispose();
        _stopping.Dispose();
    }

    private async Task OutAsync(int answersBefore)
    {
        var buffer = new byte[65_536];
        while (!_stopping.IsCancellationRequested)
        {
            var received = await _inside.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            _client = received.RemoteEndPoint;
            await _outside[Volatile.Read(ref _answers) < answersBefore ? 0 : 1].SendAsync(buffer.AsMemory(0, received.ReceivedBytes));
        }
    }

    private async Task InAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        while (!_stopping.IsCancellationRequested)
        {
            var length = await socket.ReceiveAsync(buffer);
            await _inside.SendToAsync(buffer.AsMemory(0, length), _client!);
            Interlocked.Increment(ref _answers);
            if (socket == _outside[1])
                AnswersAfter++;
        }
    }
}
