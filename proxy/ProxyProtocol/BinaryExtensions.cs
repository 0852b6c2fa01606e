using System.Buffers.Binary;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// The extensions (TLVs) of a binary header that the proxy knows; all others need only be well-formed. One that is there
/// twice is an error: two receivers might choose differently.
/// </summary>
internal readonly record struct BinaryExtensions(ProxyHeaderError Error, Range Authority, Range Alpn)
{
    /// <summary>Reads all that follows the addresses, up to the end of the header.</summary>
    public static BinaryExtensions Read(ReadOnlySpan<byte> header, int addressesLength)
    {
        Range? authority = null, alpn = null, checksum = null;
        for (var at = BinaryHeader.FixedLength + addressesLength; at < header.Length;)
        {
            var value = at + BinaryHeader.ExtensionHeaderLength;
            if (value > header.Length)
                return Wrong(ProxyHeaderError.Extension);
            var end = value + BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]);
            var good = header[at] switch
            {
                BinaryHeader.AuthorityType => TrySet(ref authority, value..end),
                BinaryHeader.AlpnType => TrySet(ref alpn, value..end),
                BinaryHeader.ChecksumType => TrySet(ref checksum, value..end) && end - value == BinaryHeader.ChecksumLength,
                _ => true,
            };
            if (!good || end > header.Length)
                return Wrong(ProxyHeaderError.Extension);
            at = end;
        }

        var intact = checksum is not { } field
            || BinaryPrimitives.ReadUInt32BigEndian(header[field]) == HeaderChecksum.Compute(header, field.Start.Value);
        return intact ? new(ProxyHeaderError.None, authority ?? default, alpn ?? default) : Wrong(ProxyHeaderError.Checksum);
    }

    private static bool TrySet(ref Range? known, Range found)
    {
        var isNew = known is null;
        known = found;
        return isNew;
    }

    private static BinaryExtensions Wrong(ProxyHeaderError error) => new(error, default, default);
}
