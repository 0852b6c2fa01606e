namespace Everyport.Proxy.Configuration;

/// <summary>The key <c>Tls</c> of a stream: what is done with the TLS of clients.</summary>
internal enum StreamTls
{
    /// <summary>It goes on unread, to the destination.</summary>
    Passthrough,

    /// <summary>It ends here; the destination gets what is said inside.</summary>
    Terminate,
}
