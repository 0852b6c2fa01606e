using System.Buffers;
using System.IO.Compression;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Scraping;

/// <summary>Writes all metrics for whoever asks. Those who ask while it is being done get the same: several scrapers cost what one does.</summary>
internal sealed class Scraper(Func<IReadOnlyList<MetricFamily>> collect)
{
    private const int LeastBuffer = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(ExpositionFormat Format, bool IsCompressed), Task<ReadOnlyMemory<byte>>> _running = [];
    private volatile int _lastSize;

    /// <summary>What is written may go to several clients, and is not to be changed.</summary>
    public Task<ReadOnlyMemory<byte>> ScrapeAsync(ExpositionFormat format, bool isCompressed)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue((format, isCompressed), out var running))
                _running[(format, isCompressed)] = running = Task.Run(() => WriteOnce(format, isCompressed));
            return running;
        }
    }

    private ReadOnlyMemory<byte> WriteOnce(ExpositionFormat format, bool isCompressed)
    {
        try
        {
            // As much as the last time, and a little more: to double it again and again would take as long as to write.
            var output = new ArrayBufferWriter<byte>(_lastSize + _lastSize / 16 + LeastBuffer);
            ExpositionWriter.Write(collect(), format, output);
            _lastSize = output.WrittenCount;
            return isCompressed ? Compress(output.WrittenSpan) : output.WrittenMemory;
        }
        finally
        {
            lock (_gate)
                _running.Remove((format, isCompressed));
        }
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> text)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
