using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Tls;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Logs.Sinks;

/// <summary>
/// A file that lines are appended to. When it has been moved away, as programs that rotate logs do, a new one is begun with the
/// next lines: its path is looked at before each write, so that nobody has to tell.
/// </summary>
internal sealed class LogFile : ILineOutput
{
    private readonly string _path;
    private SafeFileHandle _file;
    private FileStamp _stamp;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public LogFile(string path)
    {
        _path = path;
        _file = Open();
    }

    public string Name => "file";

    public unsafe void Write(ReadOnlySpan<byte> lines)
    {
        if (!IsSame(FileStamp.Of(_path), _stamp))
        {
            var moved = _file;
            _file = Open();
            moved.Dispose();
        }
        while (!lines.IsEmpty)
        {
            nint written;
            fixed (byte* start = lines)
                written = Syscalls.Write(_file, start, (nuint)lines.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() != Syscalls.EINTR)
                throw new IOException($"Cannot write '{_path}': {Marshal.GetLastPInvokeErrorMessage()}");
            lines = lines[(int)Math.Max(0, written)..];
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsSame(in FileStamp a, in FileStamp b) => (a.Inode, a.DeviceMajor, a.DeviceMinor) == (b.Inode, b.DeviceMajor, b.DeviceMinor);

    /// <summary>Each write goes to the end, wherever others have put that: FileStream would remember where it was.</summary>
    private SafeFileHandle Open()
    {
        var descriptor = AppendedFile.Open(_path, AppendedFile.WriteOnly | AppendedFile.Append | AppendedFile.Create | Syscalls.OpenCloexec, AppendedFile.OwnerAndGroup);
        if (descriptor < 0)
            throw new IOException($"Cannot open '{_path}': {Marshal.GetLastPInvokeErrorMessage()}");
        _stamp = FileStamp.Of(_path);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
