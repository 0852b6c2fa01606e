namespace Everyport.Proxy.Logs.Sinks;

/// <summary>Where lines are written to in the end. One thread uses it, and may have to wait.</summary>
internal interface ILineOutput : IDisposable
{
    /// <summary>What it is called in metrics and messages.</summary>
    string Name { get; }

    /// <exception cref="IOException">It could not be written.</exception>
    void Write(ReadOnlySpan<byte> lines);
}
