using System.Globalization;
using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// Where a stream goes: <c>tcp://HOST:PORT</c>, <c>tls://HOST:PORT</c> or <c>udp://HOST:PORT</c>. HOST may be <c>{address}</c> and PORT
/// <c>{port}</c>, for those of the original destination.
/// </summary>
internal sealed record StreamDestination(string Name, Protocols Protocol, string Host, ushort? Port)
{
    public const string AddressPlaceholder = "{address}", PortPlaceholder = "{port}";

    /// <summary>Whether the stream is encrypted on its way there.</summary>
    public bool IsTls { get; init; }

    /// <summary>The host to dial: a name or a literal address.</summary>
    public string HostFor(Endpoint original) => Host == AddressPlaceholder ? original.Address.ToString() : Host;

    /// <summary>The port to dial.</summary>
    public ushort PortFor(Endpoint original) => Port ?? original.Port;

    /// <summary>The endpoint to dial, where it is known without asking the DNS.</summary>
    public Endpoint? LiteralFor(Endpoint original) =>
        Host == AddressPlaceholder ? original with { Port = PortFor(original) }
        : Address.TryParse(Host, out var address) ? new Endpoint(address, PortFor(original))
        : null;

    public static bool TryParse(string name, string text, out StreamDestination? destination, out string? error)
    {
        destination = null;
        error = $"'{text}' is not a destination such as 'tcp://10.0.0.6:5432', 'tls://10.0.0.6:5433' or 'udp://{AddressPlaceholder}:{PortPlaceholder}'";

        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        var protocol = schemeEnd < 0 ? Protocols.None : text[..schemeEnd] switch
        {
            "tcp" or "tls" => Protocols.Tcp,
            "udp" => Protocols.Udp,
            _ => Protocols.None,
        };
        if (protocol == Protocols.None)
            return false;

        var authority = text[(schemeEnd + 3)..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon <= 0)
            return false;

        var (host, portText) = (authority[..colon], authority[(colon + 1)..]);
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        if (host != AddressPlaceholder && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;

        ushort? port = null;
        if (portText != PortPlaceholder)
        {
            if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                return false;
            port = number;
        }
        destination = new StreamDestination(name, protocol, host, port) { IsTls = text.StartsWith("tls:", StringComparison.Ordinal) };
        error = null;
        return true;
    }

    public override string ToString()
    {
        var host = IPAddress.TryParse(Host, out var literal) && Host.Contains(':', StringComparison.Ordinal) ? $"[{literal}]" : Host;
        var port = Port is { } number ? number.ToString(CultureInfo.InvariantCulture) : PortPlaceholder;
        return $"{(IsTls ? "tls" : Protocol == Protocols.Tcp ? "tcp" : "udp")}://{host}:{port}";
    }
}
