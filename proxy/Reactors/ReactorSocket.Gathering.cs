using System.Buffers;
using System.Runtime.CompilerServices;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Reactors;

/// <content>Pieces of memory that lie apart, and are sent by one system call.</content>
internal sealed unsafe partial class ReactorSocket
{
    /// <summary>So many pieces of memory are sent by one system call.</summary>
    private const int MostPieces = 16;

    /// <summary>Sends pieces as if they were one: the number of bytes that the kernel took, or a negative error.</summary>
    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Length == 1)
            return Send(pieces[0].Span);
        if (IsClosed)
            return -Syscalls.ECANCELED;
        var sent = SendGathered(pieces, out var length);
        if (sent < 0)
            return Failure(ref _writer);
        if (sent < length)
            _writer.IsReady = false;
        return (int)sent;
    }

    /// <summary>As <see cref="Send(ReadOnlySpan{ReadOnlyMemory{byte}})"/>, from any thread: the reactor learns nothing of it, so that an error says no more than to try there.</summary>
    public int SendFromElsewhere(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        try
        {
            return (int)SendGathered(pieces, out _);
        }
        catch (ObjectDisposedException)
        {
            return -Syscalls.ECANCELED;
        }
    }

    private nint SendGathered(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, out nint length)
    {
        var count = Math.Min(pieces.Length, MostPieces);
        var vectors = stackalloc Syscalls.IoVector[MostPieces];
        var pins = new Pins();
        length = 0;
        try
        {
            for (var i = 0; i < count; i++)
            {
                pins[i] = pieces[i].Pin();
                vectors[i] = new() { Base = pins[i].Pointer, Length = (nuint)pieces[i].Length };
                length += pieces[i].Length;
            }
            var message = new Syscalls.MessageHeader { Vectors = vectors, VectorCount = (nuint)count };
            var sent = Syscalls.SendMessage(this, &message, Syscalls.MsgDontwait | Syscalls.MsgNosignal);
            BytesSent += Math.Max(0, sent);
            return sent;
        }
        finally
        {
            for (var i = 0; i < count; i++)
                pins[i].Dispose();
        }
    }

    [InlineArray(MostPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
