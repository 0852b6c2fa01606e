using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Flows;

/// <summary>Messages that leave from one socket with one system call. They point to bytes that stay elsewhere.</summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    public const int Capacity = DatagramBatch.Capacity;

    private const int ControlSize = 64;

    private readonly UdpSyscalls.BatchHeader* _headers = Allocate<UdpSyscalls.BatchHeader>(Capacity);
    private readonly Syscalls.IoVector* _vectors = Allocate<Syscalls.IoVector>(Capacity);
    private readonly byte* _names = Allocate<byte>(Capacity * SocketAddress.MaxSize);
    private readonly byte* _controls = Allocate<byte>(Capacity * ControlSize);
    private readonly SegmentRun[] _runs = new SegmentRun[Capacity];
    private readonly byte[] _trafficClasses = new byte[Capacity];
    private readonly Flow?[] _flows = new Flow?[Capacity];
    private int _vectorCount;

    public int Count { get; private set; }

    /// <summary>Whether another message, or another part of one, fits.</summary>
    public bool IsFull => _vectorCount == Capacity;

    public SegmentRun Run(int message) => _runs[message];

    /// <summary>Adds a message.</summary>
    public void Add(Flow flow, byte trafficClass, byte* data, int length, int segment)
    {
        _runs[Count] = SegmentRun.Of(length, segment);
        _trafficClasses[Count] = trafficClass;
        _flows[Count] = flow;
        _headers[Count].Message = new() { Vectors = _vectors + _vectorCount };
        Count++;
        AddVector(data, length);
    }

    /// <summary>Adds to the last message what goes the same way and can be cut from it; false where it has to be one of its own.</summary>
    public bool TryAppend(Flow flow, byte trafficClass, byte* data, int length, int segment)
    {
        if (Count == 0 || _flows[Count - 1] != flow || _trafficClasses[Count - 1] != trafficClass || !_runs[Count - 1].TryAppend(length, segment))
            return false;
        AddVector(data, length);
        return true;
    }

    /// <summary>Adds one message of another batch, cut into its pieces here, from a position on; returns where it has stopped because this is full.</summary>
    public int AddPieces(MessageBatch other, int message, int position)
    {
        var (run, start) = (other._runs[message], 0);
        ref var header = ref other._headers[message].Message;
        for (nuint i = 0; i < header.VectorCount; i++)
        {
            var data = (byte*)header.Vectors[i].Base;
            var length = (int)header.Vectors[i].Length;
            for (var offset = Math.Max(0, position - start); offset < length && !IsFull; offset += run.Piece)
            {
                Add(other._flows[message]!, other._trafficClasses[message], data + offset, Math.Min(run.Piece, length - offset), 0);
                position = start + Math.Min(length, offset + run.Piece);
            }
            start += length;
        }
        return position;
    }

    /// <summary>Sends from one message on: how many the kernel took, or a negative error for the first one.</summary>
    public int Send(DatagramSocket socket, int from)
    {
        var sent = UdpSyscalls.SendBatch(socket.Handle, _headers + from, (uint)(Count - from), Syscalls.MsgDontwait);
        return sent < 0 ? -Marshal.GetLastPInvokeError() : sent;
    }

    /// <summary>Has all messages ready for <see cref="Send"/>; comes once, when the last one is in.</summary>
    public void Complete(DatagramSocket socket)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var header = ref _headers[i].Message;
            var control = _controls + i * ControlSize;
            var segment = _runs[i].Pieces > 1 ? _runs[i].Piece : 0;
            header.ControlLength = (nuint)ControlMessages.Write(new Span<byte>(control, ControlSize), socket.IsIPv6, _trafficClasses[i], segment);
            header.Control = header.ControlLength == 0 ? null : control;
            // An upstream socket is connected: it knows where to send.
            if (socket is not ReplySocket)
                continue;
            header.Name = _names + i * SocketAddress.MaxSize;
            header.NameLength = (uint)SocketAddress.Write(_flows[i]!.Key.Client, new Span<byte>(header.Name, SocketAddress.MaxSize));
        }
    }

    public void Clear()
    {
        Array.Clear(_flows, 0, Count);
        (Count, _vectorCount) = (0, 0);
    }

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }

    private void AddVector(byte* data, int length)
    {
        _vectors[_vectorCount++] = new() { Base = data, Length = (nuint)length };
        _headers[Count - 1].Message.VectorCount++;
    }

    private static T* Allocate<T>(int count) where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
