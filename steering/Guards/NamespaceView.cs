using System.Globalization;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Guards;

/// <summary>What the guard rails have to know about the namespace. Made in it; usable from any thread then.</summary>
internal sealed class NamespaceView
{
    private readonly SocketDiagnostics _diagnostics;
    private readonly RouteSocket _routes;
    private readonly PortRange _ephemeral = ReadEphemeralRange(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range"));

    public NamespaceView(RouteSocket routes, SocketDiagnostics diagnostics) => (_routes, _diagnostics) = (routes, diagnostics);

    /// <summary>From where the kernel takes the port of a socket that does not ask for one.</summary>
    public PortRange EphemeralPorts => _ephemeral;

    /// <summary>The addresses of all interfaces.</summary>
    public IReadOnlyCollection<Address> AssignedAddresses() => [.. _routes.Addresses().Select(address => address.Address).Distinct()];

    /// <summary>Listeners of other processes that are not registered for a service.</summary>
    public IEnumerable<OpenListener> ForeignListeners(IReadOnlySet<ulong> registered)
    {
        var own = OwnSockets();
        return _diagnostics.Listeners().Where(listener => listener.Port != 0 && !own.Contains(listener.Inode) && !registered.Contains(listener.Cookie));
    }

    /// <summary>Reads "32768	60999".</summary>
    internal static PortRange ReadEphemeralRange(string text)
    {
        var numbers = text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return new PortRange(ushort.Parse(numbers[0], CultureInfo.InvariantCulture), ushort.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The inodes of the sockets of this process: <c>/proc/self/fd/7 -> socket:[4711]</c>.</summary>
    private static HashSet<uint> OwnSockets()
    {
        const string Kind = "socket:[";
        var inodes = new HashSet<uint>();
        foreach (var fd in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (LinkTarget(fd) is { } target && target.StartsWith(Kind, StringComparison.Ordinal)
                && uint.TryParse(target.AsSpan(Kind.Length, target.Length - Kind.Length - 1), CultureInfo.InvariantCulture, out var inode))
                inodes.Add(inode);
        }
        return inodes;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed since it was listed
        }
    }
}
