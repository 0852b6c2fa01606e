using System.Net.Security;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Streams;

/// <summary>A connection that a stream takes. One object for what every later step wants to know.</summary>
internal sealed class PendingStream(ReactorSocket client, LiveStream stream, Steered steered)
{
    private bool _isCounted;

    public ReactorSocket Client => client;

    public LiveStream Stream => stream;

    /// <summary>The client and the original destination, as a PROXY protocol header may have told them.</summary>
    public Steered Steered { get; } = steered;

    /// <summary>What the client says of itself, where it speaks TLS and was listened to.</summary>
    public ClientHello? Hello { get; set; }

    /// <summary>When it was decided that it is one, in milliseconds of the reactor.</summary>
    public long Began { get; set; }

    /// <summary>The TLS that ends here, where the route wants that.</summary>
    public TlsConnection? Tls { get; set; }

    /// <summary>The protocol (ALPN) that was agreed on with the client for what is said inside; empty where none was.</summary>
    public SslApplicationProtocol Protocol { get; set; }

    /// <summary>Counts for the route, with the first dial; false where that has as many as it may have.</summary>
    public bool TryEnter() => _isCounted || (_isCounted = stream.Connections.TryEnter());

    /// <summary>Counts no longer.</summary>
    public void Leave()
    {
        if (_isCounted)
            stream.Connections.Leave();
        _isCounted = false;
    }

    /// <summary>The dial that has begun while the client was silent.</summary>
    public EarlyDial? Early { get; set; }
}
