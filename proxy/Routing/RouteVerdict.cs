using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Routing;

/// <summary>Who takes a connection: the HTTP host, which then chooses among its routes, or a stream, or nobody.</summary>
internal readonly record struct RouteVerdict(bool IsHttp, StreamRoute? Stream)
{
    public static RouteVerdict Http { get; } = new(true, null);

    /// <summary>For TLS that ends here: the certificate that is shown.</summary>
    public ServedCertificate? Certificate { get; init; }

    /// <summary>Whether nobody takes it only because no certificate is for the name that the client asks for.</summary>
    public bool LacksCertificate { get; init; }
}
