using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>A process that is looked at many times a second: two system calls each time.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private readonly ProcessHandle _process;
    private readonly SafeFileHandle? _children;
    private readonly byte[] _buffer = new byte[1024];

    private WatchedProcess(ProcessHandle process) => (_process, _children) = (process, ProcessFiles.TryOpenChildren(process.Id));

    /// <summary>Null where there is no such process.</summary>
    public static WatchedProcess? TryOpen(int id) => ProcessHandle.TryOpen(id) is { } process ? new WatchedProcess(process) : null;

    public bool HasEnded => _process.HasEnded;

    /// <summary>Another number when it has ended, or has other children. Those that do not fit into the buffer are noticed by their sockets.</summary>
    public int Stamp()
    {
        var hash = new HashCode();
        hash.Add(HasEnded);
        try
        {
            if (_children is not null)
                hash.AddBytes(_buffer.AsSpan(0, RandomAccess.Read(_children, _buffer, 0)));
        }
        catch (IOException)
        {
            // It has ended.
        }
        return hash.ToHashCode();
    }

    public void Dispose()
    {
        _children?.Dispose();
        _process.Dispose();
    }
}
