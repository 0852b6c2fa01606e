using System.Globalization;
using System.Runtime.InteropServices;

namespace Everyport.Steering.Kernel;

/// <summary>
/// What this machine must have before anything is asked of the kernel: a missing part is then one sentence about
/// that part, not an error number.
/// </summary>
internal static class Requirements
{
    private const int CapNetAdmin = 12, CapSysAdmin = 21, CapBpf = 39;

    /// <summary>sk_lookup came with 5.9; 5.10 is the first long-term release that has it.</summary>
    public static readonly Version OldestKernel = new(5, 10);

    /// <summary>Throws a <see cref="SteeringException"/> that names everything missing.</summary>
    public static void Check() => Check(Missing());

    /// <summary>The same, where to load programs is enough: the maps are there already, and no routes are needed.</summary>
    public static void CheckToLoadPrograms() => Check(Missing(
        Environment.OSVersion.Version,
        NativeLibrary.TryLoad("libbpf.so.1", out _),
        EffectiveCapabilities(File.ReadAllText("/proc/thread-self/status")) | 1UL << CapNetAdmin,
        "the capability BPF"));

    private static void Check(IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
            throw new SteeringException($"Cannot steer: {string.Join("; ", missing)}.");
    }

    /// <summary>The parts that this process and this machine lack.</summary>
    public static IReadOnlyList<string> Missing() => Missing(
        Environment.OSVersion.Version,
        NativeLibrary.TryLoad("libbpf.so.1", out _),
        EffectiveCapabilities(File.ReadAllText("/proc/thread-self/status")));

    /// <summary>The parts that are missing, as clauses of a sentence.</summary>
    public static IReadOnlyList<string> Missing(Version kernel, bool libbpf, ulong capabilities, string allOfThem = "the capabilities BPF and NET_ADMIN")
    {
        var missing = new List<string>();
        if (kernel < OldestKernel)
            missing.Add($"the kernel is Linux {kernel.ToString(2)}, and sk_lookup needs {OldestKernel} or later");
        if (!libbpf)
            missing.Add("libbpf.so.1 is not installed (run 'apt-get install libbpf1')");

        bool Has(int capability) => (capabilities & (1UL << capability)) != 0;
        string[] absent = Has(CapSysAdmin) ? [] : [.. Absent(Has(CapBpf), "CAP_BPF"), .. Absent(Has(CapNetAdmin), "CAP_NET_ADMIN")];
        if (absent.Length > 0)
            missing.Add($"this process lacks {string.Join(" and ", absent)} (run it as root, or give it {allOfThem})");
        return missing;
    }

    /// <summary>Reads the line <c>CapEff</c> of <c>/proc/PID/status</c>.</summary>
    public static ulong EffectiveCapabilities(string status)
    {
        const string Key = "CapEff:";
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? 0 : ulong.Parse(line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Absent(bool present, string name) => present ? [] : [name];
}
