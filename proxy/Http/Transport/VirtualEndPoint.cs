using System.Net;

namespace Everyport.Proxy.Http.Transport;

/// <summary>
/// An endpoint of Kestrel that is not an address: connections come to it from <see cref="VirtualListeners"/>, after
/// the proxy has accepted them and told their protocol.
/// </summary>
internal sealed class VirtualEndPoint(string name) : EndPoint
{
    public static VirtualEndPoint Http1 { get; } = new("http/1.1");

    public static VirtualEndPoint Http2 { get; } = new("h2c");

    /// <summary>TLS, with either of them inside.</summary>
    public static VirtualEndPoint Tls { get; } = new("tls");

    public override string ToString() => name;
}
