using Microsoft.AspNetCore.Connections;

namespace Everyport.Proxy.Reactors;

/// <summary>
/// A connection of a reactor for what is written against streams: Kestrel, TLS, the HTTP client of .NET. One read and
/// one write at a time. Calls from the reactor's own thread, and what follows them, stay there; from any other thread
/// the operation takes place on the reactor, and what follows it goes on there.
/// </summary>
internal sealed class ReactorStream : Stream
{
    private readonly Reactor _reactor;
    private readonly ReactorSocket _socket;
    private readonly IDisposable? _owner;
    private readonly ReceiveOperation _receive;
    private readonly SendOperation _send;

    /// <summary>Wraps a socket, which is disposed of with the stream.</summary>
    /// <param name="reactor">The reactor of the socket.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="owner">What is disposed of with it.</param>
    /// <param name="dropsUnsendable">Whether a write to a broken connection succeeds, for who is told of the break otherwise.</param>
    public ReactorStream(Reactor reactor, ReactorSocket socket, IDisposable? owner = null, bool dropsUnsendable = false)
    {
        (_reactor, _socket, _owner) = (reactor, socket, owner);
        _receive = new ReceiveOperation(reactor, socket);
        _send = new SendOperation(reactor, socket, dropsUnsendable);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Receives; into an empty buffer, waits until there is something to receive.</summary>
    /// <exception cref="IOException">The connection has broken, or was closed here.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _receive.StartAsync(buffer, cancellationToken);

    /// <summary>Sends all of it.</summary>
    /// <exception cref="IOException">The connection has broken, or was closed here.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _send.StartAsync(buffer, cancellationToken);

    /// <summary>Sends all pieces, one after the other, as with one write.</summary>
    public ValueTask WriteAsync(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken) => _send.StartAsync(pieces, cancellationToken);

    /// <summary>Ends a write that waits. From any thread.</summary>
    public void CancelWrite() => _send.Cancel();

    /// <summary>How many bytes the last write has left, as it was cancelled or has failed.</summary>
    public long Unsent => _send.Unsent;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing waits on a thread here.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing waits on a thread here.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>What the error of an operation is to those who know exceptions.</summary>
    internal static IOException ErrorOf(int error) => error switch
    {
        -Kernel.Syscalls.ECANCELED => new IOException("The connection was closed."),
        _ => new ConnectionResetException(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(-error), new System.Net.Sockets.SocketException(-error)),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _reactor.Run(static stream => ((ReactorStream)stream!).CloseSocket(), this);
        base.Dispose(disposing);
    }

    private void CloseSocket()
    {
        _socket.Dispose();
        _owner?.Dispose();
    }
}
