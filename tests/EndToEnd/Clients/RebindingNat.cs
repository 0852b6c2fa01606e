using System.Net;
using System.Net.Sockets;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>A NAT in front of one UDP client that forgets it, and gives it another address from then on.</summary>
internal sealed class RebindingNat : IDisposable
{
    private readonly Socket _inside = UdpClients.Bind("127.0.0.1", 0);
    private readonly Socket[] _outside;
    private readonly CancellationTokenSource _stopping = new();
    private EndPoint? _client;
    private int _current, _answers;

    /// <summary>Relays to an endpoint; after so many answers from the second of the two addresses. Make it in the namespace.</summary>
    public RebindingNat(string address, int port, int answersBefore, string first, string second)
    {
        _outside = [UdpClients.Bind(first, 0), UdpClients.Bind(second, 0)];
        foreach (var socket in _outside)
            socket.Connect(IPAddress.Parse(address), port);
        _ = OutAsync();
        _ = InAsync(_outside[0], answersBefore);
        _ = InAsync(_outside[1], answersBefore);
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

    private async Task OutAsync()
    {
        var buffer = new byte[65_536];
        while (!_stopping.IsCancellationRequested)
        {
            var received = await _inside.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            _client = received.RemoteEndPoint;
            await _outside[Volatile.Read(ref _current)].SendAsync(buffer.AsMemory(0, received.ReceivedBytes));
        }
    }

    /// <summary>What comes to an address that has been forgotten is lost.</summary>
    private async Task InAsync(Socket socket, int answersBefore)
    {
        var buffer = new byte[65_536];
        while (!_stopping.IsCancellationRequested)
        {
            var length = await socket.ReceiveAsync(buffer);
            if (socket != _outside[_current])
                continue;
            await _inside.SendToAsync(buffer.AsMemory(0, length), _client!);
            if (_current == 1)
                AnswersAfter++;
            else if (++_answers == answersBefore)
                Volatile.Write(ref _current, 1);
        }
    }
}
