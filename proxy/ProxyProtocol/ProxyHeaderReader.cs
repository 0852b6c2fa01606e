namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// Reads the PROXY header, version 1 or 2, that a trusted peer sends before anything else (HAProxy's
/// proxy-protocol.txt). Strict: what another receiver might read in another way is malformed.
/// </summary>
internal static class ProxyHeaderReader
{
    /// <summary>
    /// Bytes that a header may take up; as many as are ever looked at. The format allows 64 KiB, but what senders add
    /// to the addresses is some hundred bytes; a client certificate (PP2_SUBTYPE_SSL_CLIENT_CERT) often fits, a chain does not.
    /// </summary>
    public const int MaxLength = 4096;

    /// <summary>Reads the bytes that have arrived since the start of the connection.</summary>
    public static ProxyHeader Read(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return ProxyHeader.NeedMore;
        return data[0] == TextHeader.Start[0] ? TextHeaderReader.Read(data) : BinaryHeaderReader.Read(data);
    }
}
