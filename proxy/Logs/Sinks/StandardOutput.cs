namespace Everyport.Proxy.Logs.Sinks;

/// <summary>The standard output of the process. Where nobody reads it any more, what is written is gone.</summary>
internal sealed class StandardOutput : ILineOutput
{
    private readonly Stream _stream = Console.OpenStandardOutput();

    public string Name => "stdout";

    public void Write(ReadOnlySpan<byte> lines) => _stream.Write(lines);

    public void Dispose() => _stream.Dispose();
}
