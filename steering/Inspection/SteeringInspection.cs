using Everyport.Steering.Guards;
using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Inspection;

/// <summary>Looks at the calling thread's namespace, and tries what a start would do first. Attaches and changes nothing.</summary>
public static class SteeringInspection
{
    /// <summary>Reads what is there. Needs no privileges.</summary>
    public static NamespaceFacts ReadNamespace()
    {
        using var routes = new RouteSocket();
        using var sockets = new SocketDiagnostics();
        var addresses = routes.Addresses();
        return new NamespaceFacts
        {
            Assigned = [.. addresses.Select(address => address.Address).Distinct()],
            Subnets = [.. addresses.Where(address => !address.Loopback).Select(address => address.Subnet).Distinct()],
            LocalPrefixes = [.. routes.Routes().Select(route => route.Prefix).Distinct()],
            Listeners = [.. sockets.Listeners().Where(listener => listener.Port != 0).Select(Found)],
            EphemeralPorts = NamespaceView.ReadEphemeralRange(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range")),
        };
    }

    /// <summary>Whether the machine itself receives what is sent to an address: for anything else no socket is looked up. Needs no privileges.</summary>
    public static bool IsLocal(Address address)
    {
        using var routes = new RouteSocket();
        return routes.IsLocal(address);
    }

    /// <summary>What is missing before the kernel is asked for anything: clauses of a sentence, each with what to do.</summary>
    public static IReadOnlyList<string> Missing() => Requirements.Missing();

    /// <summary>Makes the maps and loads the program, and gives them up again. Null where that works, otherwise why it does not.</summary>
    public static string? TryLoad()
    {
        try
        {
            using var maps = SharedMaps.Create();
            using var generation = Generation.Load(TableCompiler.Compile(Ruleset.Empty, _ => 0), maps, countPorts: true);
            return null;
        }
        catch (SteeringException e)
        {
            return e.Message;
        }
    }

    /// <summary>How many programs of this kind are attached to the namespace, by whomever; null where the kernel does not say.</summary>
    public static unsafe int? CountAttached()
    {
        using var file = File.OpenHandle("/proc/thread-self/ns/net");
        uint count = 0;
        return Libbpf.ProgramQuery(file, Libbpf.AttachTypeSkLookup, 0, null, null, &count) == 0 ? (int)count : null;
    }

    /// <summary>The number of a network namespace, by the path of its file.</summary>
    /// <exception cref="SteeringException">There is no such file.</exception>
    public static ulong NamespaceInode(string path)
    {
        using var file = Libc.Open(path, Libc.OpenCloexec);
        return file.IsInvalid ? throw KernelError.Last($"open the network namespace '{path}'") : FileIdentity.Of(file).Inode;
    }

    /// <summary>Runs code that looks at the calling thread's namespace in another one, by the path of its file.</summary>
    /// <exception cref="SteeringException">It cannot be entered.</exception>
    public static T In<T>(string path, Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        using var file = Libc.Open(path, Libc.OpenCloexec);
        return file.IsInvalid ? throw KernelError.Last($"open the network namespace '{path}'") : NamespaceThread.Run(file, code);
    }

    private static FoundListener Found(OpenListener listener) => new(listener.Protocol, listener.Address, listener.Port, listener.IPv4, listener.IPv6, listener.Inode) { Cookie = listener.Cookie };
}
