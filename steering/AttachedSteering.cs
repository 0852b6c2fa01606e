using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Everyport.Steering.Guards;
using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
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
public sealed partial class AttachedSteering : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<IDisposable> _owned = new();
    private readonly SafeFileHandle _namespace;
    private readonly SharedMaps _maps;
    private readonly SocketSlots _slots;
    private readonly LocalRoutes _routes;
    private readonly NamespaceView _view;
    private readonly ServiceDirectory _services = new();
    private SteeringOptions _options;
    private SafeFileHandle? _link;
    private Generation? _generation;

    private AttachedSteering(SteeringOptions options)
    {
        _options = options;
        try
        {
            _namespace = Own(OpenNamespace(options.NetworkNamespace));
            _maps = Own(new SharedMaps());
            _slots = new SocketSlots(_maps.Sockets);
            var socket = Own(new RouteSocket());
            var ownership = Own(new RouteOwnership("local"));
            _view = Own(new NamespaceView(socket));
            _routes = Own(new LocalRoutes(socket, ownership));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Prepares steering. Nothing is attached before something is published.</summary>
    /// <exception cref="SteeringException">A capability, libbpf or a kernel feature is missing; the message says which.</exception>
    public static AttachedSteering Open(SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Requirements.Check();
        return new AttachedSteering(options);
    }

    /// <summary>The ruleset that is in force, with the rules that the guard rails have added.</summary>
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
    public Publication Publish(Ruleset ruleset)
    {
        using var prepared = Prepare(ruleset, _options);
        return prepared.Publish();
    }

    /// <summary>
    /// Does all of a publication that takes time and may fail, and changes nothing yet: compiles the ruleset, and has the kernel
    /// check the program that reads it. Of <paramref name="options"/>, the namespace stays that of the start.
    /// </summary>
    public PreparedRuleset Prepare(Ruleset ruleset, SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(ruleset);
        ArgumentNullException.ThrowIfNull(options);
        lock (_gate)
        {
            var guarded = AddOwnRules(ruleset, options, out var guards);
            var generation = Generation.Load(TableCompiler.Compile(guarded, _services.NumberOf), _maps, options.CountPorts);
            return new PreparedRuleset(this, guarded, options, guards, generation);
        }
    }

    internal Publication PutInForce(PreparedRuleset prepared)
    {
        lock (_gate)
        {
            var next = prepared.Take();
            IReadOnlyList<SkippedRoute> skipped = [];
            try
            {
                if (prepared.Options.LocalRoutes)
                    skipped = _routes.Add(LocalRoutes.Wanted(prepared.Ruleset));
                Attach(next);
            }
            catch
            {
                next.Dispose();
                _routes.Keep(WantedRoutes());
                throw;
            }

            _generation?.Dispose();
            _generation = next;
            (Ruleset, _options) = (prepared.Ruleset, prepared.Options);
            Publications++;
            _routes.Keep(WantedRoutes());
            return new Publication(prepared.Guards, skipped);
        }
    }

    /// <summary>The routes that were added to keep steered prefixes local.</summary>
    public IReadOnlyCollection<Prefix> AddedRoutes => _routes.Added;

    /// <summary>Detaches the program, then removes the routes and frees the maps.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _link?.Dispose();
            _generation?.Dispose();
            while (_owned.TryPop(out var resource))
                resource.Dispose();
        }
    }

    /// <summary>The program's own rules and those of the guard rails, added to what the user asks for.</summary>
    private Ruleset AddOwnRules(Ruleset ruleset, SteeringOptions options, out ImmutableArray<Rule> guards)
    {
        var asked = Combine(ruleset, options.OwnRules);
        var found = ImmutableArray.CreateBuilder<Rule>();
        if (options.LeaveExistingListeners)
            found.AddRange(GuardRules.ForListeners(asked, _view.ForeignListeners(_slots.AllCookies(_services.Numbers.Count)), _view.AssignedAddresses()));
        if (options.LeaveEphemeralPorts)
            found.AddRange(GuardRules.ForEphemeralPorts(asked, _view.AssignedAddresses(), _view.EphemeralPorts));
        guards = found.DrainToImmutable();
        return Combine(asked, guards);
    }

    private IEnumerable<Prefix> WantedRoutes() => _options.LocalRoutes ? LocalRoutes.Wanted(Ruleset) : [];

    private static Ruleset Combine(Ruleset ruleset, IReadOnlyCollection<Rule> more)
    {
        if (more.Count == 0)
            return ruleset;
        return Ruleset.TryCreate([.. ruleset.Rules, .. more], ruleset.DenySources, out var combined, out var errors)
            ? combined
            : throw new SteeringException($"Cannot publish the rules: {string.Join("; ", errors)}.");
    }

    private void Attach(Generation generation)
    {
        if (_link is null)
        {
            var link = Libbpf.LinkCreate(generation.ProgramFd, _namespace, Libbpf.AttachTypeSkLookup, 0);
            _link = link.IsInvalid ? throw CannotAttach(Marshal.GetLastPInvokeError()) : link;
        }
        else if (Libbpf.LinkUpdate(_link, generation.ProgramFd, 0) < 0)
        {
            throw CannotAttach(Marshal.GetLastPInvokeError());
        }
    }

    private static SteeringException CannotAttach(int error) => error switch
    {
        Libc.E2BIG => new("Cannot attach to the network namespace: it has the 64 programs that it can have; 'bpftool link show' lists them."),
        Libc.ENOLINK => new("Cannot switch to the new forwarding table: the network namespace is gone, or somebody has detached the program."),
        _ => KernelError.From("attach to the network namespace", error),
    };

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

    private T Own<T>(T resource) where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }
}
