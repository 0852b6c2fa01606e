using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Gathers what a batch of received datagrams has to send, by socket, and sends it with as few system calls as
/// possible. Datagrams of one flow keep their order.
/// </summary>
internal sealed unsafe class Outbox(DatagramBatch batch, Drops drops) : IDisposable
{
    private readonly Entry[] _entries = new Entry[DatagramBatch.Capacity];
    private readonly DatagramSocket[] _sockets = new DatagramSocket[DatagramBatch.Capacity];
    private readonly MessageBatch _messages = new(), _pieces = new();
    private int _socketCount;

    /// <summary>Notes that what is at a place is to be sent from a socket.</summary>
    public void Add(DatagramSocket socket, Flow flow, int place, byte trafficClass, int segment)
    {
        _entries[place] = new Entry(flow, trafficClass, segment);
        if (socket.First == DatagramSocket.NoPlace)
        {
            _sockets[_socketCount++] = socket;
            socket.First = place;
        }
        else
        {
            _entries[socket.Last].Next = place;
        }
        socket.Last = place;
    }

    /// <summary>Sends all of it.</summary>
    public void Flush()
    {
        foreach (var socket in _sockets.AsSpan(0, _socketCount))
        {
            // Its flow may have been closed since, to make room for another one.
            if (!socket.Handle.IsClosed)
                Send(socket);
        }
        Discard();
    }

    /// <summary>Forgets all of it.</summary>
    public void Discard()
    {
        foreach (var socket in _sockets.AsSpan(0, _socketCount))
            (socket.First, socket.Last) = (DatagramSocket.NoPlace, DatagramSocket.NoPlace);
        Array.Clear(_sockets, 0, _socketCount);
        _socketCount = 0;
        _messages.Clear();
        _pieces.Clear();
    }

    public void Dispose()
    {
        _messages.Dispose();
        _pieces.Dispose();
    }

    private void Send(DatagramSocket socket)
    {
        for (var place = socket.First; place != DatagramSocket.NoPlace; place = _entries[place].Next)
        {
            ref var entry = ref _entries[place];
            var data = batch.DataAt(place);
            var length = batch.Length(place);
            if (!socket.CanSegment || !_messages.TryAppend(entry.Flow, entry.TrafficClass, data, length, entry.Segment))
                _messages.Add(entry.Flow, entry.TrafficClass, data, length, entry.Segment);
        }
        _messages.Complete(socket);
        Send(socket, _messages);
        _messages.Clear();
    }

    private void Send(DatagramSocket socket, MessageBatch messages)
    {
        var wasRefused = false;
        for (var i = 0; i < messages.Count;)
        {
            var run = messages.Run(i);
            if (run.Pieces > 1 && !socket.CanSegment)
            {
                SendPieces(socket, messages, i++);
                continue;
            }
            var sent = messages.Send(socket, i);
            if (sent > 0)
            {
                i += sent;
            }
            else if (-sent is UdpSyscalls.ECONNREFUSED && !wasRefused)
            {
                wasRefused = true; // the refusal of an earlier datagram is told once, in place of sending this one
            }
            else if (run.Pieces > 1 && -sent is UdpSyscalls.EINVAL or UdpSyscalls.EIO or UdpSyscalls.EMSGSIZE)
            {
                socket.CanSegment = false;
            }
            else
            {
                drops.Add(ReasonOf(-sent), run.Pieces);
                i++;
            }
        }
    }

    private void SendPieces(DatagramSocket socket, MessageBatch messages, int message)
    {
        for (var position = 0; position < messages.Run(message).Bytes;)
        {
            position = _pieces.AddPieces(messages, message, position);
            _pieces.Complete(socket);
            Send(socket, _pieces);
            _pieces.Clear();
        }
    }

    private static DropReason ReasonOf(int error) => error switch
    {
        UdpSyscalls.EMSGSIZE => DropReason.TooLarge,
        Syscalls.EAGAIN or Syscalls.ENOBUFS or Syscalls.ENOMEM => DropReason.QueueFull,
        _ => DropReason.SendFailed,
    };

    private struct Entry(Flow flow, byte trafficClass, int segment)
    {
        public readonly Flow Flow = flow;
        public readonly byte TrafficClass = trafficClass;
        public readonly int Segment = segment;
        public int Next = DatagramSocket.NoPlace;
    }
}
