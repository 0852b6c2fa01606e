using System.Reflection;
using System.Runtime.InteropServices;

namespace Everyport.Proxy.Commands;

/// <summary>What this program is, and what it runs on.</summary>
/// <param name="Version">As released.</param>
/// <param name="Commit">What it was built from; null where that is not known.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Libbpf">Null where it is not installed.</param>
internal sealed record ProgramVersion(string Version, string? Commit, string Runtime, string Kernel, string? Libbpf)
{
    public static ProgramVersion Read()
    {
        var full = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);
        return new(full[0], full.ElementAtOrDefault(1), RuntimeInformation.FrameworkDescription, Environment.OSVersion.Version.ToString(), ReadLibbpf());
    }

    public override string ToString() =>
        $"everyport {Version}{(Commit is null ? "" : $" ({Commit[..Math.Min(12, Commit.Length)]})")}, {Runtime}, Linux {Kernel}, {(Libbpf is null ? "without libbpf" : $"libbpf {Libbpf.TrimStart('v')}")}";

    private static unsafe string? ReadLibbpf()
    {
        if (!NativeLibrary.TryLoad("libbpf.so.1", out var library))
            return null;
        var name = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "libbpf_version_string");
        return Marshal.PtrToStringUTF8((nint)name());
    }
}
