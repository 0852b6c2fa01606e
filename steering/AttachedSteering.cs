using System.Runtime.InteropServices;
using Everyport.Steering.Counters;
using Everyport.Steering.Kernel;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering;

/// <summary>
/// Steering of one network namespace: the link, the sockets map, the counters, and the current generation. Nothing
/// is pinned: when the process ends, in whatever way, the kernel detaches the program and every lookup is normal
/// again. Members may be called from any thread; only <see cref="Open"/> looks at the calling thread's namespace.
/// </summary>
public sealed class AttachedSteering : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SteeringOptions _options;
    private readonly SafeFileHandle _namespace;
    private readonly SharedMaps _maps;
    private readonly SocketSlots _slots;
    private readonly LocalRoutes? _routes;
    private readonly ServiceDirectory _services = new();
    private SafeFileHandle? _link;
    private Generation? _generation;

    private AttachedSteering(SteeringOptions options, SafeFileHandle @namespace, SharedMaps maps, LocalRoutes? routes)
    {
        (_options, _namespace, _maps, _routes) = (options, @namespace, maps, routes);
        _slots = new SocketSlots(maps.Sockets);
    }

    /// <summary>Prepares steering. Nothing is attached before the first <see cref="Publish"/>.</summary>
    /// <exception cref="SteeringException">A capability, libbpf or a kernel feature is missing; the message says which.</exception>
    public static AttachedSteering Open(SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Requirements.Check();

        SafeFileHandle? @namespace = null;
        SharedMaps? maps = null;
        try
        {
            @namespace = OpenNamespace(options.NetworkNamespace);
            maps = new SharedMaps();
            var routes = options.LocalRoutes ? new LocalRoutes() : null;
            routes?.RemoveStale();
            return new AttachedSteering(options, @namespace, maps, routes);
        }
        catch
        {
            maps?.Dispose();
            @namespace?.Dispose();
            throw;
        }
    }

    /// <summary>The ruleset that is in force.</summary>
    public Ruleset Ruleset { get; private set; } = Ruleset.Empty;

    /// <summary>
    /// Registers a listening TCP or unconnected UDP socket for a service. A dual-stack socket serves both families.
    /// The caller keeps it open; the kernel forgets it when it is closed.
    /// </summary>
    public void Register(string service, SafeHandle socket)
    {
        lock (_gate)
            _slots.Register(_services.NumberOf(service), service, socket);
    }

    /// <summary>
    /// Puts a ruleset in force in one atomic step: every lookup sees the old one or the new one. Where this throws,
    /// the old one is untouched.
    /// </summary>
    public void Publish(Ruleset ruleset)
    {
        ArgumentNullException.ThrowIfNull(ruleset);
        lock (_gate)
        {
            var next = Generation.Load(TableCompiler.Compile(ruleset, _services.NumberOf), _maps, _options.CountPorts);
            try
            {
                _routes?.Update(LocalRoutes.Wanted(ruleset));
                Attach(next);
            }
            catch
            {
                next.Dispose();
                _routes?.Update(LocalRoutes.Wanted(Ruleset));
                throw;
            }
            _generation?.Dispose();
            _generation = next;
            Ruleset = ruleset;
        }
    }

    /// <summary>The counters of every service that a rule or a socket has named.</summary>
    public IReadOnlyDictionary<(string Service, Protocols Protocol), ServiceCounters> ReadServiceCounters()
    {
        lock (_gate)
        {
            var counters = new Dictionary<(string, Protocols), ServiceCounters>();
            foreach (var (name, number) in _services.Numbers)
            {
                foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
                {
                    var index = number * 2 + (protocol == Protocols.Udp ? 1 : 0);
                    counters[(name, protocol)] = PerCpu.Read<ServiceCounters>(_maps.Services, index).Aggregate(ServiceCounters.Add);
                }
            }
            return counters;
        }
    }

    /// <summary>The counters of the namespace.</summary>
    public NamespaceCounters ReadNamespaceCounters() =>
        PerCpu.Read<NamespaceCounters>(_maps.Totals, 0).Aggregate(NamespaceCounters.Add);

    /// <summary>
    /// How many lookups of each port were steered, TCP and UDP together; 65,536 numbers, all zero where
    /// <see cref="SteeringOptions.CountPorts"/> is off.
    /// </summary>
    public ulong[] ReadPortCounters()
    {
        var counters = new ulong[ushort.MaxValue + 1];
        for (var page = 0; page < TableLayout.PortPages; page++)
            PerCpu.Sum(_maps.Ports, page, counters.AsSpan(page * TableLayout.PortsPerPage, TableLayout.PortsPerPage));
        return counters;
    }

    /// <summary>The routes that were added to keep steered prefixes local.</summary>
    public IReadOnlyList<Prefix> AddedRoutes => _routes?.Added ?? [];

    /// <summary>Detaches the program, then removes the routes and frees the maps.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _link?.Dispose();
            _generation?.Dispose();
            _routes?.Dispose();
            _maps.Dispose();
            _namespace.Dispose();
        }
    }

    private void Attach(Generation generation)
    {
        if (_link is not null)
        {
            if (Libbpf.LinkUpdate(_link, generation.ProgramFd, 0) < 0)
                throw KernelError.Last("switch to the new forwarding table");
            return;
        }
        var link = Libbpf.LinkCreate(generation.ProgramFd, _namespace, Libbpf.AttachTypeSkLookup, 0);
        _link = link.IsInvalid ? throw KernelError.Last("attach to the network namespace") : link;
    }

    private static SafeFileHandle OpenNamespace(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SteeringException($"Cannot open the network namespace '{path}': {e.Message}", e);
        }
    }
}
