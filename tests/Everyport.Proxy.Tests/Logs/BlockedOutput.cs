using System.Text;
using Everyport.Proxy.Logs.Sinks;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>An output that takes what it is given once it has been opened, or fails.</summary>
internal sealed class BlockedOutput : ILineOutput
{
    private readonly ManualResetEventSlim _open = new(), _entered = new();
    private readonly StringBuilder _written = new();

    public string Name => "test";

    public bool Fails { get; set; }

    public string Written
    {
        get
        {
            lock (_written)
                return _written.ToString();
        }
    }

    public void Open() => _open.Set();

    /// <summary>Waits until somebody waits in it.</summary>
    public bool IsEntered => _entered.IsSet;

    public void Write(ReadOnlySpan<byte> lines)
    {
        _entered.Set();
        _open.Wait();
        if (Fails)
            throw new IOException("Cannot write 'test': no space left");
        lock (_written)
            _written.Append(Encoding.UTF8.GetString(lines));
    }

    public void Dispose()
    {
        _open.Dispose();
        _entered.Dispose();
    }
}
