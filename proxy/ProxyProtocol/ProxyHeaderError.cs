namespace Everyport.Proxy.ProxyProtocol;

/// <summary>What is wrong with a PROXY header.</summary>
internal enum ProxyHeaderError
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The connection ended within the header.</summary>
    CutOff,

    /// <summary>The first bytes are those of neither version: something else is being spoken.</summary>
    NotAHeader,

    /// <summary>A text header does not end with CR LF within 107 bytes, or holds one of them without the other.</summary>
    LineEnd,

    /// <summary>The signature is that of a binary header, but the version is not 2.</summary>
    Version,

    /// <summary>The command is neither LOCAL nor PROXY.</summary>
    Command,

    /// <summary>The address family, or its combination with a transport, is none that the protocol knows.</summary>
    Family,

    /// <summary>The header tells of a datagram, but came over a TCP connection.</summary>
    Transport,

    /// <summary>An address is not in the form that its family has.</summary>
    Address,

    /// <summary>A port is not a number from 0 to 65535 without leading zeros.</summary>
    Port,

    /// <summary>A binary header is shorter than the addresses in it.</summary>
    TooShort,

    /// <summary>A binary header is longer than <see cref="ProxyHeaderReader.MaxLength"/>.</summary>
    TooLong,

    /// <summary>An extension (TLV) goes on beyond the end of the header, has a wrong length, or is there twice.</summary>
    Extension,

    /// <summary>The checksum (CRC32c) is not that of the header.</summary>
    Checksum,
}
