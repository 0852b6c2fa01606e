using Everyport.Proxy.Admission;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Connections;

/// <summary>
/// All that decides about a new TCP connection. Never changes; another one replaces it, and a connection that has begun under
/// one is decided by it to the end.
/// </summary>
/// <param name="Routes">Who takes it.</param>
/// <param name="Streams">The streams among them.</param>
/// <param name="Certificates">What is shown where TLS ends here; files that change meanwhile count.</param>
/// <param name="Inbound">Who has to tell the true client.</param>
/// <param name="Total">All connections that are open.</param>
/// <param name="Sources">What one source may have.</param>
/// <param name="Limits">The deadlines.</param>
internal sealed record ConnectionRules(
    RouteTable Routes,
    LiveStreams Streams,
    CertificateStore Certificates,
    InboundProxyProtocol Inbound,
    ConnectionLimit Total,
    SourceLimits Sources,
    Limits Limits);
