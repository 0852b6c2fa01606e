using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Explain;

/// <summary>Says in words why one goes before another: the first thing in which the precedence finds them different.</summary>
internal static class PrecedenceReason
{
    /// <summary>In the order of <see cref="RoutePrecedence"/>.</summary>
    public static string Of(RouteEntry first, RouteEntry other) =>
        other.Stream is { IsCatchAll: true } && first.Stream is not { IsCatchAll: true } ? "a stream for everything comes last"
        : first.Order != other.Order ? "its Order is lower"
        : (first.Prefix?.Length ?? -1) != (other.Prefix?.Length ?? -1) ? "its address prefix is longer"
        : first.Ports.Count != other.Ports.Count ? "its ports are narrower"
        : (first.Sni?.Specificity ?? 0) != (other.Sni?.Specificity ?? 0) ? "its server name is more specific"
        : (first.Source?.Length ?? -1) != (other.Source?.Length ?? -1) ? "its source prefix is longer"
        : (first.Alpn.Count == 0) != (other.Alpn.Count == 0) ? "it names ALPN"
        : first.AsksForTls != other.AsksForTls ? "it takes TLS only"
        : first.IsHttp != other.IsHttp ? "at a tie a stream goes before HTTP"
        : "only the names tell them apart";
}
