namespace Everyport.Steering.Tables;

/// <summary>The constants of <c>Bpf/table.h</c>. A test compiles that header and compares every one of them.</summary>
internal static class TableLayout
{
    public const int Version = 1;

    public const int MaxServices = 4096;
    public const int MembersPerFamily = 4;
    public const int SlotsPerService = 4 * MembersPerFamily;

    public const uint RefPorts = 1u << 31;
    public const int RefKindShift = 28;
    public const uint RefValueMask = (1u << RefKindShift) - 1;

    public const uint Leaf = 0;
    public const uint Skip = 1;
    public const uint Node = 2;
    public const uint LastKind = 7;

    public const uint NoRule = 0;
    public const uint Pass = 1;
    public const uint Drop = 2;
    public const uint Denied = 3;
    public const uint FirstService = 4;

    public const int TargetBits = 13;
    public const uint TargetMask = (1u << TargetBits) - 1;
    public const int MaxCountedRules = 256;
    public const int RuleNumbers = 2 * MaxCountedRules + 1;

    public const int CellSize = 64;
    public const int RefsPerCell = 16;

    /// <summary>How many bits a node of a kind reads.</summary>
    public static int Stride(uint kind) => 4 * (int)(kind - Node + 1);

    /// <summary>The kind of a node that reads so many bits.</summary>
    public static uint KindOf(int stride) => Node + (uint)stride / 4 - 1;

    /// <summary>Where the fields of <c>struct skip</c> begin, in units of four bytes.</summary>
    public const int SkipKey = 0, SkipMask = 2, SkipLength = 4, SkipMatch = 5, SkipMiss = 6, SkipNextWord = 7;

    public const int PortsPerPage = 1024;
    public const int PortPages = (ushort.MaxValue + 1) / PortsPerPage;

    /// <summary><c>struct settings</c>.</summary>
    public unsafe struct Settings
    {
        public fixed uint Roots[4];
        public uint DenyIPv4;
        public uint DenyIPv6;
        public uint CountPorts;
        public uint CountRules;
    }

    /// <summary>Families and protocols, in the order of their roots and of the slots of a service.</summary>
    public static ReadOnlySpan<(bool IPv6, bool Udp)> Kinds => s_kinds;

    private static readonly (bool, bool)[] s_kinds = [(false, false), (false, true), (true, false), (true, true)];

    /// <summary>The root of a family and protocol in <c>settings.roots</c>.</summary>
    public static int Root(bool ipv6, bool udp) => (ipv6 ? 2 : 0) + (udp ? 1 : 0);

    /// <summary>The first of the slots that a service has in the sockets map for a family and protocol.</summary>
    public static int FirstSlot(int service, bool ipv6, bool udp) => (service * 4 + Root(ipv6, udp)) * MembersPerFamily;
}
