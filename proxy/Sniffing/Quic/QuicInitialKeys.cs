using System.Security.Cryptography;

namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// Opens the Initial packets of one client: the keys follow from the destination connection ID of the first packet that it
/// sent (RFC 9001, section 5.2), and hold even when the server has given the client another one. After a Retry, they
/// follow from the ID that the server chose there.
/// </summary>
internal sealed class QuicInitialKeys : IDisposable
{
    public const int KeyLength = 16, NonceLength = 12, SecretLength = 32;

    private const int TagLength = 16, SampleLength = 16, LongestNumber = 4;

    private readonly AesGcm _packets;
    private readonly Aes _headers = Aes.Create();
    private readonly byte[] _nonce = new byte[NonceLength];

    public QuicInitialKeys(QuicVersion version, ReadOnlySpan<byte> destinationId)
    {
        Span<byte> key = stackalloc byte[KeyLength], headerKey = stackalloc byte[KeyLength];
        Derive(version, destinationId, key, _nonce, headerKey);
        _packets = new AesGcm(key, TagLength);
        _headers.SetKey(headerKey);
    }

    /// <summary>How many bytes <see cref="TryOpen"/> needs to work on.</summary>
    public static int WorkLength(int packetLength) => 3 * packetLength;

    public static void Derive(QuicVersion version, ReadOnlySpan<byte> destinationId, Span<byte> key, Span<byte> nonce, Span<byte> headerKey)
    {
        Span<byte> initial = stackalloc byte[SecretLength], client = stackalloc byte[SecretLength];
        HKDF.Extract(HashAlgorithmName.SHA256, destinationId, version.Salt, initial);
        HKDF.Expand(HashAlgorithmName.SHA256, initial, client, QuicVersion.ClientInfo);
        HKDF.Expand(HashAlgorithmName.SHA256, client, key, version.KeyInfo);
        HKDF.Expand(HashAlgorithmName.SHA256, client, nonce, version.NonceInfo);
        HKDF.Expand(HashAlgorithmName.SHA256, client, headerKey, version.HeaderKeyInfo);
    }

    /// <summary>False where these are not the keys of the packet, or it is damaged. Otherwise its payload is in <paramref name="work"/>.</summary>
    public bool TryOpen(in QuicLongHeader header, Span<byte> work, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var packet = header.Packet;
        var numberAt = header.NumberAt;
        if (packet.Length < numberAt + LongestNumber + SampleLength)
            return false;

        // The header as it was before it was protected (RFC 9001, section 5.4): it is part of what the tag vouches for.
        Span<byte> mask = stackalloc byte[SampleLength];
        _headers.EncryptEcb(packet.Slice(numberAt + LongestNumber, SampleLength), mask, PaddingMode.None);
        var first = (byte)(packet[0] ^ mask[0] & 0x0F);
        var numberLength = (first & 3) + 1;
        var clear = work[..(numberAt + numberLength)];
        packet[..clear.Length].CopyTo(clear);
        clear[0] = first;

        // No server has acknowledged anything, so that the number is not abbreviated.
        Span<byte> nonce = stackalloc byte[NonceLength];
        _nonce.CopyTo(nonce);
        for (var i = 0; i < numberLength; i++)
        {
            clear[numberAt + i] ^= mask[1 + i];
            nonce[NonceLength - numberLength + i] ^= clear[numberAt + i];
        }
        return TryDecrypt(nonce, packet[clear.Length..], clear, work[clear.Length..], out payload);
    }

    public void Dispose()
    {
        _packets.Dispose();
        _headers.Dispose();
    }

    /// <summary>
    /// As <see cref="AesGcm.Decrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, ReadOnlySpan{byte})"/>,
    /// which throws where the tag is wrong; to anybody who sends noise, that would be an exception for each datagram. The
    /// cipher is a key stream, so that encrypting twice gives the text, and then its proper tag.
    /// </summary>
    private bool TryDecrypt(scoped ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, ReadOnlySpan<byte> header, Span<byte> work, out ReadOnlySpan<byte> payload)
    {
        var cipher = content[..^TagLength];
        var text = work[..cipher.Length];
        Span<byte> proper = stackalloc byte[TagLength];
        _packets.Encrypt(nonce, cipher, text, proper, header);
        _packets.Encrypt(nonce, text, work.Slice(cipher.Length, cipher.Length), proper, header);
        payload = text;
        return proper.SequenceEqual(content[^TagLength..]);
    }
}
