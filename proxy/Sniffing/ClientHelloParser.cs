using System.Net;
using System.Text;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Reads the body of a ClientHello (RFC 8446, section 4.1.2): every length is checked, and what is not asked for is
/// passed over, so that reserved values (RFC 8701) and extensions of the future do no harm.
/// </summary>
internal static class ClientHelloParser
{
    private const int RandomLength = 32, MaxSessionIdLength = 32;
    private const byte MajorVersion = 3, HostNameType = 0;
    private const ushort ServerNameExtension = 0, AlpnExtension = 16, VersionsExtension = 43, Tls12 = 0x0303, Tls13 = 0x0304;

    /// <summary>False where the body is not what the RFC says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out ClientHello? hello)
    {
        hello = null;
        var reader = new WireReader(body);
        if (!reader.TryReadUInt16(out var version) || version >> 8 != MajorVersion
            || !reader.TryRead(RandomLength, out _)
            || !reader.TryReadVector8(out var sessionId) || sessionId.Length > MaxSessionIdLength
            || !reader.TryReadVector16(out var ciphers) || ciphers.IsEmpty || ciphers.Length % 2 != 0
            || !reader.TryReadVector8(out var compressions) || compressions.IsEmpty)
            return false;

        // Before TLS 1.3, a hello might end here.
        if (reader.IsAtEnd)
        {
            hello = new ClientHello(null, []) { OffersTls12 = version >= Tls12 };
            return true;
        }
        return reader.TryReadVector16(out var extensions) && reader.IsAtEnd && TryParseExtensions(extensions, version, out hello);
    }

    private static bool TryParseExtensions(ReadOnlySpan<byte> extensions, ushort version, out ClientHello? hello)
    {
        hello = null;
        string? serverName = null;
        List<string>? alpn = null;
        var hasServerName = false;
        var (offersTls12, offersTls13) = (version >= Tls12, false);
        for (var reader = new WireReader(extensions); !reader.IsAtEnd;)
        {
            if (!reader.TryReadUInt16(out var type) || !reader.TryReadVector16(out var content))
                return false;
            // No extension may come twice: the destination might go by the other one.
            if (type == ServerNameExtension && (hasServerName || !TryParseServerName(content, out serverName)))
                return false;
            if (type == AlpnExtension && (alpn is not null || !TryParseAlpn(content, out alpn)))
                return false;
            hasServerName |= type == ServerNameExtension;
            if (type == VersionsExtension)
                (offersTls12, offersTls13) = (Offers(content, Tls12), Offers(content, Tls13));
        }
        hello = new ClientHello(serverName, alpn ?? (IReadOnlyList<string>)[]) { OffersTls12 = offersTls12, OffersTls13 = offersTls13 };
        return true;
    }

    /// <summary>RFC 6066, section 3: a list of names, one of each type at most. The only type in use is the host name.</summary>
    private static bool TryParseServerName(ReadOnlySpan<byte> content, out string? serverName)
    {
        serverName = null;
        var extension = new WireReader(content);
        if (!extension.TryReadVector16(out var list) || list.IsEmpty || !extension.IsAtEnd)
            return false;

        var isNamed = false;
        for (var reader = new WireReader(list); !reader.IsAtEnd;)
        {
            if (!reader.TryReadByte(out var type) || !reader.TryReadVector16(out var name))
                return false;
            if (type != HostNameType)
                continue;
            if (isNamed)
                return false;
            isNamed = true;
            serverName = HostName.Normalize(name);
            // An address must not be there (RFC 6066, section 3), but is, by clients that dial one; it names nobody.
            if (serverName is null && !IPAddress.TryParse(name, out _))
                return false;
        }
        return true;
    }

    /// <summary>RFC 8446, section 4.2.1: a list of versions. A malformed one offers nothing: whoever speaks TLS with the client refuses it.</summary>
    private static bool Offers(ReadOnlySpan<byte> content, ushort version)
    {
        var extension = new WireReader(content);
        if (!extension.TryReadVector8(out var list))
            return false;
        for (var reader = new WireReader(list); reader.TryReadUInt16(out var offered);)
        {
            if (offered == version)
                return true;
        }
        return false;
    }

    /// <summary>RFC 7301, section 3.1: names of any bytes, none of them empty.</summary>
    private static bool TryParseAlpn(ReadOnlySpan<byte> content, out List<string>? alpn)
    {
        alpn = [];
        var extension = new WireReader(content);
        if (!extension.TryReadVector16(out var list) || list.IsEmpty || !extension.IsAtEnd)
            return false;

        for (var reader = new WireReader(list); !reader.IsAtEnd;)
        {
            if (!reader.TryReadVector8(out var name) || name.IsEmpty)
                return false;
            alpn.Add(Encoding.Latin1.GetString(name));
        }
        return true;
    }
}
