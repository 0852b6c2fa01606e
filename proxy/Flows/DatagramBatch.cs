using System.Runtime.InteropServices;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Receives datagrams by the batch, and keeps them until they are sent on. Of one that the kernel has put together
/// from several, all are in one place.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>How many places there are.</summary>
    public const int Capacity = 64;

    /// <summary>The most that fits into a UDP datagram over IPv4 is 65,507 bytes; over IPv6, 65,527.</summary>
    public const int MaxDatagram = 65_535;

    // Places at a distance of 64 KiB would all compete for the same few lines of the processor's cache.
    private const int CacheLine = 64, Distance = MaxDatagram + 1 + CacheLine;

    private readonly UdpSyscalls.BatchHeader* _headers;
    private readonly Syscalls.IoVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _data;

    public DatagramBatch()
    {
        _headers = Allocate<UdpSyscalls.BatchHeader>(Capacity);
        _vectors = Allocate<Syscalls.IoVector>(Capacity);
        _names = Allocate<byte>(Capacity * SocketAddress.MaxSize);
        _controls = Allocate<byte>(Capacity * ControlMessages.MaxSize);
        _data = Allocate<byte>(Capacity * Distance);
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new() { Base = DataAt(i), Length = MaxDatagram };
            _headers[i].Message = new()
            {
                Name = _names + i * SocketAddress.MaxSize,
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = _controls + i * ControlMessages.MaxSize,
            };
            Prepare(i);
        }
    }

    /// <summary>How many places are taken.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>
    /// Receives what is there without waiting into the free places: how many it has filled, or a negative error where
    /// it is none.
    /// </summary>
    public int Receive(SafeHandle socket)
    {
        var received = UdpSyscalls.ReceiveBatch(socket, _headers + Count, (uint)(Capacity - Count), Syscalls.MsgDontwait, 0);
        if (received < 0)
            return -Marshal.GetLastPInvokeError();
        Count += received;
        return received;
    }

    /// <summary>Frees all places.</summary>
    public void Clear()
    {
        for (var i = 0; i < Count; i++)
            Prepare(i);
        Count = 0;
    }

    /// <summary>The bytes at a place.</summary>
    public ReadOnlySpan<byte> Data(int place) => new(DataAt(place), Length(place));

    public int Length(int place) => (int)_headers[place].Length;

    public byte* DataAt(int place) => _data + (nint)place * Distance;

    /// <summary>Who sent it.</summary>
    public Endpoint Client(int place) =>
        SocketNames.Parse(new ReadOnlySpan<byte>(_headers[place].Message.Name, (int)_headers[place].Message.NameLength));

    /// <summary>What else the kernel tells of it.</summary>
    public ControlMessages Control(int place) =>
        ControlMessages.Parse(new ReadOnlySpan<byte>(_headers[place].Message.Control, (int)_headers[place].Message.ControlLength));

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_data);
    }

    private void Prepare(int place)
    {
        _headers[place].Message.NameLength = SocketAddress.MaxSize;
        _headers[place].Message.ControlLength = ControlMessages.MaxSize;
    }

    private static T* Allocate<T>(int count) where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
