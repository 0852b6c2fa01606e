using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Doctor;

/// <summary>Reads what there is to know of the machine. What cannot be read counts as not being in the way.</summary>
internal static class MachineReader
{
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Reads it all; <paramref name="configuration"/> tells which names to look up, and is null where it has errors.</summary>
    public static async Task<Machine> ReadAsync(ProxyConfiguration? configuration)
    {
        var network = SteeringInspection.ReadNamespace();
        var kernel = KernelFacts.Read();
        return new Machine(kernel)
        {
            Pins = configuration?.Steering.PinPath is { } pins ? PinFacts.Read(pins, kernel.BpfFilesystems) : null,
            MostDescriptors = ProcFile.HardLimit("Max open files"),
            MostLockedMemory = ProcFile.HardLimit("Max locked memory"),
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Network = network,
            Owners = SocketOwners.Read(network.Listeners.Select(listener => listener.Inode).ToHashSet()),
            HasIPv6 = File.Exists("/proc/net/if_inet6") && ProcFile.Number("/proc/sys/net/ipv6/conf/all/disable_ipv6") != 1,
            ReversePathFilter = ReversePathFilter(),
            Conntrack = ProcFile.Number("/proc/sys/net/netfilter/nf_conntrack_count") is { } count && ProcFile.Number("/proc/sys/net/netfilter/nf_conntrack_max") is { } most ? (count, most) : null,
            FirstUnprivilegedPort = (int)(ProcFile.Number("/proc/sys/net/ipv4/ip_unprivileged_port_start") ?? 1024),
            IsContainer = File.Exists("/.dockerenv") || File.Exists("/run/.containerenv") || Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null,
            Names = configuration is null ? new Dictionary<string, string?>() : await ResolveAsync(NamesOf(configuration)),
        };
    }

    /// <summary>1 is stricter than 2; what holds for all interfaces holds for each that is not looser.</summary>
    private static int ReversePathFilter()
    {
        var values = Directory.Exists("/proc/sys/net/ipv4/conf")
            ? Directory.GetDirectories("/proc/sys/net/ipv4/conf").Where(directory => Path.GetFileName(directory) is not "default").Select(directory => ProcFile.Number($"{directory}/rp_filter") ?? 0).ToArray()
            : [];
        return values.Contains(1) ? 1 : values.Contains(2) ? 2 : 0;
    }

    private static IEnumerable<string> NamesOf(ProxyConfiguration configuration) =>
        configuration.StreamClusters.SelectMany(cluster => cluster.HostNames)
            .Concat(configuration.Http.Clusters
                .SelectMany(cluster => cluster.Destinations?.Values ?? Enumerable.Empty<DestinationConfig>())
                .Select(destination => Uri.TryCreate(destination.Address, UriKind.Absolute, out var uri) && uri.HostNameType == UriHostNameType.Dns ? uri.Host : null)
                .OfType<string>())
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private static async Task<IReadOnlyDictionary<string, string?>> ResolveAsync(IEnumerable<string> names)
    {
        var results = await Task.WhenAll(names.Select(async name =>
        {
            using var timeout = new CancellationTokenSource(ResolveTimeout);
            try
            {
                var addresses = await Dns.GetHostAddressesAsync(name, timeout.Token);
                return (name, Error: addresses.Length == 0 ? "the resolver knows none" : null);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return (name, Error: e is SocketException ? e.Message : "the resolver does not answer");
            }
        }));
        return results.ToDictionary(result => result.name, result => result.Error);
    }
}
