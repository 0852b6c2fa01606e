using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Netlink;

/// <summary>
/// A netlink socket of the namespace in which it was opened: sends requests and reads acknowledgements and dumps;
/// see netlink(7).
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    public const int HeaderSize = 16, AttributeHeaderSize = 4;
    public const ushort Request = 1, Acknowledge = 4, Dump = 0x300;

    private const ushort ErrorMessage = 2, DoneMessage = 3;

    private readonly SafeFileHandle _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public NetlinkSocket(int protocol)
    {
        _socket = Libc.Socket(Libc.AfNetlink, Libc.SockRaw | Libc.SockCloexec, protocol);
        if (_socket.IsInvalid)
            throw KernelError.Last("open a netlink socket");
    }

    /// <summary>Reads the body of one message of a dump.</summary>
    public delegate void MessageReader(ReadOnlySpan<byte> body);

    /// <summary>A message with room for a body of the given size, its header written.</summary>
    public static byte[] NewMessage(ushort type, ushort flags, int bodySize)
    {
        var message = new byte[HeaderSize + bodySize];
        MemoryMarshal.Write(message, message.Length);
        MemoryMarshal.Write(message.AsSpan(4), type);
        MemoryMarshal.Write(message.AsSpan(6), (ushort)(flags | Request));
        return message;
    }

    /// <summary>Writes an attribute and returns what is left of the destination.</summary>
    public static Span<byte> WriteAttribute(Span<byte> destination, ushort type, scoped ReadOnlySpan<byte> value)
    {
        MemoryMarshal.Write(destination, (ushort)(AttributeHeaderSize + value.Length));
        MemoryMarshal.Write(destination[2..], type);
        value.CopyTo(destination[AttributeHeaderSize..]);
        return destination[Align(AttributeHeaderSize + value.Length)..];
    }

    /// <summary>The value of an attribute; empty where there is none of that type.</summary>
    public static ReadOnlySpan<byte> FindAttribute(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (attributes.Length >= AttributeHeaderSize)
        {
            var size = MemoryMarshal.Read<ushort>(attributes);
            if (size < AttributeHeaderSize || size > attributes.Length)
                break;
            if (MemoryMarshal.Read<ushort>(attributes[2..]) == type)
                return attributes[AttributeHeaderSize..size];
            attributes = attributes[Math.Min(Align(size), attributes.Length)..];
        }
        return [];
    }

    /// <summary>Sends a request that asks for an acknowledgement; returns the error number, 0 for success.</summary>
    public int Transact(ReadOnlySpan<byte> message)
    {
        Send(message);
        return -MemoryMarshal.Read<int>(Receive()[HeaderSize..]);
    }

    /// <summary>Sends a request that one message answers; returns its body, empty where the kernel has none to give.</summary>
    public ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> message)
    {
        Send(message);
        var answer = Receive();
        return MemoryMarshal.Read<ushort>(answer[4..]) == ErrorMessage ? [] : answer[HeaderSize..MemoryMarshal.Read<int>(answer)];
    }

    /// <summary>Sends a request for a dump and hands each message of the given type to <paramref name="read"/>.</summary>
    public void ReadDump(ReadOnlySpan<byte> message, ushort type, string doing, MessageReader read)
    {
        Send(message);
        while (true)
        {
            var rest = Receive();
            while (rest.Length >= HeaderSize)
            {
                var length = MemoryMarshal.Read<int>(rest);
                var found = MemoryMarshal.Read<ushort>(rest[4..]);
                if (found == DoneMessage)
                    return;
                if (found == ErrorMessage)
                    throw KernelError.From(doing, -MemoryMarshal.Read<int>(rest[HeaderSize..]));
                if (found == type)
                    read(rest[HeaderSize..length]);
                rest = rest[Math.Min(Align(length), rest.Length)..];
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Send(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            if (Libc.Send(_socket, bytes, (nuint)message.Length, 0) < 0)
                throw KernelError.Last("send a netlink message");
        }
    }

    private ReadOnlySpan<byte> Receive()
    {
        fixed (byte* bytes = _buffer)
        {
            while (true)
            {
                var length = Libc.Receive(_socket, bytes, (nuint)_buffer.Length, 0);
                if (length >= 0)
                    return _buffer.AsSpan(0, (int)length);
                if (Marshal.GetLastPInvokeError() != Libc.EINTR)
                    throw KernelError.Last("receive a netlink message");
            }
        }
    }

    private static int Align(int length) => (length + 3) & ~3;
}
