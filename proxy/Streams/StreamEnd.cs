using System.Net.Security;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>One end of a stream: a connection, and TLS on it where there is any. The socket stays its owner's.</summary>
internal sealed class StreamEnd(ReactorSocket socket, TlsTransport transport, SslStream? tls) : IDisposable
{
    public StreamEnd(Reactor reactor, ReactorSocket socket) : this(socket, new TlsTransport(reactor, socket), null)
    {
    }

    public ReactorSocket Socket => socket;

    /// <summary>What is said, in plain.</summary>
    private Stream Content => tls ?? (Stream)transport;

    /// <summary>Waits until there is something to read, or the end, and holds no memory meanwhile.</summary>
    public ValueTask<int> ReadableAsync() => Content.ReadAsync(Memory<byte>.Empty);

    /// <summary>Reads; 0 at the end, and where the connection is broken.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) => Content.ReadAsync(buffer);

    /// <summary>Writes, and waits until the kernel has taken everything, or the connection is broken.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        await Content.WriteAsync(data);
        await transport.DrainAsync();
    }

    /// <summary>
    /// Whether it is certain that nothing is missing before the end: anybody can send the end of a TCP connection, but only
    /// the other side the one of TLS.
    /// </summary>
    public bool EndIsCertain => tls is null || !transport.HasEnded;

    /// <summary>Tells the other side that nothing more comes; within TLS only what is certain.</summary>
    public async ValueTask EndAsync(bool isCertain)
    {
        if (tls is not null && isCertain)
        {
            await tls.ShutdownAsync();
            await transport.DrainAsync();
        }
        socket.ShutdownSend();
    }

    public void Dispose()
    {
        tls?.Dispose();
        transport.Dispose();
    }
}
