using System.Buffers.Binary;

namespace Everyport.Origin.Bodies;

/// <summary>Bytes that both sides know without having them: blocks that begin with their number.</summary>
public static class Pattern
{
    private const int Block = 64 * 1024;

    /// <summary>Writes that many bytes, block by block.</summary>
    public static async Task WriteAsync(Stream stream, long count, CancellationToken cancelled)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var block = new byte[Block];
        for (var number = 0L; count > 0; number++)
        {
            BinaryPrimitives.WriteInt64BigEndian(block, number);
            var length = (int)Math.Min(Block, count);
            await stream.WriteAsync(block.AsMemory(0, length), cancelled);
            count -= length;
        }
    }

    /// <summary>The SHA-256 of that many bytes, as hexadecimal digits.</summary>
    public static async Task<string> DigestAsync(long count)
    {
        using var hash = new DigestStream();
        await WriteAsync(hash, count, CancellationToken.None);
        return hash.ToHexString();
    }
}
