using System.Globalization;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>What <c>/proc</c> tells of a process; see proc(5). Of one that has ended: nothing.</summary>
internal static class ProcessFiles
{
    private const string SocketKind = "socket:[";

    /// <summary>The name of its program, as <c>nginx</c>; empty where it has ended.</summary>
    public static string NameOf(int process) => ReadText(In(process, "comm"))?.TrimEnd() ?? "";

    /// <summary>As it is called in messages: <c>4711 ('nginx')</c>.</summary>
    public static string Describe(int process) =>
        NameOf(process) is { Length: > 0 } name ? string.Create(CultureInfo.InvariantCulture, $"{process} ('{name}')") : process.ToString(CultureInfo.InvariantCulture);

    /// <summary>When it was started, or up to a second before; null where that is not told.</summary>
    public static DateTimeOffset? StartOf(int process)
    {
        // Fields 1 and 2 are its number and its name, which may have blanks and brackets in it; field 22 is the start.
        const int StartField = 22, FirstAfterName = 3, TicksPerSecond = 100;
        var status = ReadText(In(process, "stat")) ?? "";
        var fields = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField - FirstAfterName && Boot is { } boot
            && long.TryParse(fields[StartField - FirstAfterName], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? boot + TimeSpan.FromSeconds((double)ticks / TicksPerSecond)
            : null;
    }

    /// <summary>The file that it runs; null where that is not told.</summary>
    public static string? ProgramOf(int process) => LinkTarget(In(process, "exe"));

    /// <summary>Its network namespace, as <c>net:[4026531840]</c>; null where that is not told.</summary>
    public static string? NetworkNamespaceOf(int process) => LinkTarget(In(process, "ns/net"));

    /// <summary>The file that lists what its first thread has started, and that lives; null where there is none.</summary>
    public static SafeFileHandle? TryOpenChildren(int process)
    {
        var file = Libc.Open(In(process, string.Create(CultureInfo.InvariantCulture, $"task/{process}/children")), Libc.OpenCloexec);
        if (!file.IsInvalid)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>The processes that it has started, and that live.</summary>
    public static IEnumerable<int> ChildrenOf(int process)
    {
        foreach (var thread in Entries(In(process, "task")))
        {
            foreach (var child in Numbers(ReadText(Path.Combine(thread, "children")) ?? ""))
                yield return child;
        }
    }

    /// <summary>Its descriptors that are sockets, each with the number of the socket's file: <c>7 -> socket:[4711]</c>.</summary>
    /// <exception cref="SteeringException">This process may not look.</exception>
    public static IReadOnlyList<(int Descriptor, uint Inode)> SocketsOf(int process)
    {
        try
        {
            var sockets = new List<(int, uint)>();
            var paths = Entries(In(process, "fd"));
            var isRefused = paths.Length > 0;
            foreach (var path in paths)
            {
                var target = LinkTarget(path);
                isRefused &= target is null;
                if (target is not null && target.StartsWith(SocketKind, StringComparison.Ordinal)
                    && uint.TryParse(target.AsSpan(SocketKind.Length, target.Length - SocketKind.Length - 1), CultureInfo.InvariantCulture, out var inode)
                    && int.TryParse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture, out var descriptor))
                    sockets.Add((descriptor, inode));
            }
            // Who may list descriptors may still not be told what they are.
            return isRefused && Directory.Exists(In(process, "fd")) ? throw NotAllowed(process) : sockets;
        }
        catch (UnauthorizedAccessException)
        {
            throw NotAllowed(process);
        }
    }

    public static SteeringException NotAllowed(int process)
    {
        var yama = ReadText("/proc/sys/kernel/yama/ptrace_scope")?.Trim() is { } scope and not "0"
            ? $"; 'kernel.yama.ptrace_scope' is {scope}, which asks for that capability even then"
            : "";
        return new SteeringException(
            $"Cannot get the sockets of the process {Describe(process)}: the kernel does not allow it. Run this as the user of that process, or with CAP_SYS_PTRACE{yama}.");
    }

    /// <summary>Numbers with blanks or lines between them; what is no number is left out.</summary>
    public static IEnumerable<int> Numbers(string text)
    {
        foreach (var word in text.Split((char[])[' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                yield return number;
        }
    }

    /// <summary>Null where the file is not there, or cannot be read.</summary>
    public static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>When the machine was started, by its clock as it goes now.</summary>
    private static DateTimeOffset? Boot
    {
        get
        {
            const string Key = "btime ";
            var line = (ReadText("/proc/stat") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
    }

    private static string In(int process, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{name}");

    private static string[] Entries(string directory)
    {
        try
        {
            // Asked for files only, .NET would look at what each link leads to.
            return Directory.GetFileSystemEntries(directory);
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // closed since it was listed
        }
    }
}
