using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Routes;

/// <summary>A setting of a network namespace that is off or on: a file of <c>/proc/sys/net</c>; see sysctl(8).</summary>
internal sealed class NamespaceSwitch : IDisposable
{
    // The file belongs to the namespace in which it was opened, from whichever thread it is read and written.
    private readonly SafeFileHandle? _file;

    /// <summary>Opens a setting, by its path below <c>/proc/sys/net</c>. It may be missing, or read-only as in most containers.</summary>
    public NamespaceSwitch(string path)
    {
        Name = "net." + path.Replace('/', '.');
        _file = TryOpen("/proc/sys/net/" + path, FileAccess.ReadWrite) ?? TryOpen("/proc/sys/net/" + path, FileAccess.Read);
    }

    /// <summary>As <c>sysctl</c> names it.</summary>
    public string Name { get; }

    /// <summary>Whether it is on.</summary>
    public bool IsOn
    {
        get
        {
            Span<byte> text = stackalloc byte[8];
            return _file is not null && RandomAccess.Read(_file, text, 0) > 0 && text[0] != (byte)'0';
        }
    }

    /// <summary>Switches it on or off. False where that is not allowed.</summary>
    public bool TrySet(bool on)
    {
        try
        {
            if (_file is null)
                return false;
            RandomAccess.Write(_file, on ? "1\n"u8 : "0\n"u8, 0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _file?.Dispose();

    private static SafeFileHandle? TryOpen(string path, FileAccess access)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
