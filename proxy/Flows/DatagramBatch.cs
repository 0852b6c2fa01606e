using System.Runtime.InteropServices;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>Receives datagrams by the batch, each with its client and its original destination.</summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>The most that fits into a UDP datagram over IPv4 is 65,507 bytes; over IPv6, 65,527.</summary>
    public const int MaxDatagram = 65_535;

    private const int Count = 32, ControlSize = 128;

    private readonly UdpSyscalls.BatchHeader* _headers;
    private readonly UdpSyscalls.IoVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _data;

    public DatagramBatch()
    {
        _headers = Allocate<UdpSyscalls.BatchHeader>(Count);
        _vectors = Allocate<UdpSyscalls.IoVector>(Count);
        _names = Allocate<byte>(Count * SocketAddress.MaxSize);
        _controls = Allocate<byte>(Count * ControlSize);
        _data = Allocate<byte>(Count * MaxDatagram);
        for (var i = 0; i < Count; i++)
        {
            _vectors[i] = new() { Base = _data + i * MaxDatagram, Length = MaxDatagram };
            _headers[i].Message = new()
            {
                Name = _names + i * SocketAddress.MaxSize,
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = _controls + i * ControlSize,
            };
        }
    }

    /// <summary>Receives what is there without waiting, and returns how many datagrams.</summary>
    public int Receive(SafeHandle socket)
    {
        for (var i = 0; i < Count; i++)
        {
            _headers[i].Message.NameLength = SocketAddress.MaxSize;
            _headers[i].Message.ControlLength = ControlSize;
        }
        return Math.Max(0, UdpSyscalls.ReceiveBatch(socket, _headers, Count, Syscalls.MsgDontwait, 0));
    }

    /// <summary>The content of a received datagram.</summary>
    public ReadOnlySpan<byte> Data(int index) => new(_data + index * MaxDatagram, (int)_headers[index].Length);

    /// <summary>Who sent it.</summary>
    public Endpoint Client(int index) =>
        SocketNames.Parse(new ReadOnlySpan<byte>(_names + index * SocketAddress.MaxSize, (int)_headers[index].Message.NameLength));

    /// <summary>To where the client sent it: from the control message of either family, on a socket for both.</summary>
    public Endpoint? OriginalDestination(int index)
    {
        var control = (byte*)_headers[index].Message.Control;
        var end = control + _headers[index].Message.ControlLength;
        while (control + sizeof(UdpSyscalls.ControlHeader) <= end)
        {
            var header = (UdpSyscalls.ControlHeader*)control;
            if ((header->Level, header->Type) is (Syscalls.SolIp, UdpSyscalls.IpOriginalDestination) or (Syscalls.SolIPv6, UdpSyscalls.IPv6OriginalDestination))
            {
                var length = (int)header->Length - sizeof(UdpSyscalls.ControlHeader);
                return SocketNames.Parse(new ReadOnlySpan<byte>(control + sizeof(UdpSyscalls.ControlHeader), length));
            }
            control += (header->Length + 7) & ~(nuint)7;
        }
        return null;
    }

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_data);
    }

    private static T* Allocate<T>(int count) where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
