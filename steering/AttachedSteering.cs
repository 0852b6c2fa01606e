using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Everyport.Steering.Counters;
using Everyport.Steering.Guards;
using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Pins;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering;

/// <summary>
/// Steering of one network namespace: the link, the sockets map, the counters, and the current generation. Nothing
/// is pinned, unless <see cref="SteeringOptions.PinPath"/> says so: when the process ends, in whatever way, the kernel detaches the
/// program and every lookup is normal again. Members may be called from any thread; only <see cref="Open"/> looks at the calling
/// thread's namespace, where <see cref="SteeringOptions.NetworkNamespace"/> names no other.
/// </summary>
public sealed partial class AttachedSteering : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<IDisposable> _owned = new();
    private readonly SafeFileHandle _namespace;
    private readonly LocalRoutes _routes;
    private readonly NamespaceView _view;
    private readonly ServiceDirectory _services = new();
    private SteeringOptions _options;
    private Attachment? _attachment;
    private Generation? _generation;
    private RulesInForce _rules = RulesInForce.None;
    private bool _withdrawn, _disposed;

    private AttachedSteering(SteeringOptions options)
    {
        _options = options;
        try
        {
            _namespace = Own(OpenNamespace(options.NetworkNamespace));
            (_view, _routes) = NamespaceThread.Run(_namespace, OpenRoutes);
            if (options.PinPath is { } path)
            {
                _pins = new PinStore(path, _namespace, options.PinLockTimeout);
                _pins.Make();
                return;
            }
            _attachment = new Attachment(SharedMaps.Create(), link: null);
            _routes.RemoveStale();
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    private (NamespaceView View, LocalRoutes Routes) OpenRoutes()
    {
        var socket = Own(new RouteSocket());
        var ownership = _options.PinPath is null ? Own(new RouteOwnership("local")) : null;
        var sockets = Own(new SocketDiagnostics());
        return (new NamespaceView(socket, sockets), Own(new LocalRoutes(socket, sockets, ownership)));
    }

    /// <summary>
    /// Prepares steering. Nothing is attached, and nothing that is pinned is touched, before something is published.
    /// </summary>
    /// <exception cref="SteeringException">A capability, libbpf or a kernel feature is missing; the message says which.</exception>
    public static AttachedSteering Open(SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Requirements.Check();
        return new AttachedSteering(options);
    }

    /// <summary>The ruleset that is in force, with the rules that the guard rails have added, and those of others.</summary>
    public Ruleset Ruleset => Rules.Ruleset;

    /// <summary>The same, and whose they are.</summary>
    public RulesInForce Rules
    {
        get
        {
            lock (_gate)
            {
                NoticeOthers();
                return _rules;
            }
        }
    }

    /// <summary>
    /// Registers a listening TCP or unconnected UDP socket for a service. A dual-stack socket serves both families.
    /// The caller keeps it open; the kernel forgets it when it is closed. With a pinned steering, the sockets that are registered before
    /// the first <see cref="Publish"/> take the place of all that their service had.
    /// </summary>
    public void Register(string service, SafeHandle socket)
    {
        lock (_gate)
        {
            if (_pins is not null)
                RegisterPinned(_pins, service, socket);
            else
                Attached.Slots.Register(_services.NumberOf(service), service, socket);
        }
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
    /// check the program that reads it. Of <paramref name="options"/>, the namespace and the directory stay those of the start.
    /// </summary>
    public PreparedRuleset Prepare(Ruleset ruleset, SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(ruleset);
        ArgumentNullException.ThrowIfNull(options);
        lock (_gate)
        {
            ThrowIfEnded();
            if (_pins is null)
                return LoadAlone(ruleset, options);
            using var held = _pins.Lock();
            return PreparePinned(_pins, ruleset, options);
        }
    }

    internal Publication PutInForce(PreparedRuleset prepared)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            if (_pins is not null)
                return PutInForcePinned(_pins, prepared);
            if (prepared.Before == _rules)
                return PutInForceAlone(prepared);
            // Another one was put in force meanwhile, and counts by numbers of its own.
            prepared.Take().Dispose();
            using var again = LoadAlone(prepared.Asked, prepared.Options);
            return PutInForceAlone(again);
        }
    }

    private Publication PutInForceAlone(PreparedRuleset prepared)
    {
        var publication = Switch(prepared, generation => Attached.Switch(generation, _namespace));
        _routes.KeepUsed(prepared.Routes);
        return publication;
    }

    /// <summary>
    /// Ends steering for new connections and datagrams; those that are established go on, and the routes that they need stay until
    /// <see cref="Dispose"/>. Of a pinned steering only what is ours is withdrawn, and nothing where another process has taken it over.
    /// </summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            if (_pins is not null)
                WithdrawPinned(_pins);
            else
                _attachment?.Detach();
            _withdrawn = true;
        }
    }

    /// <summary>The routes that were added to keep steered prefixes local.</summary>
    public IReadOnlyCollection<Prefix> AddedRoutes => _routes.Added;

    /// <summary>Withdraws what is ours and has not been taken over, then removes the routes and frees the maps.</summary>
    public void Dispose()
    {
        try
        {
            Withdraw();
            SettleRoutes();
        }
        catch (SteeringException)
        {
            // Somebody else holds the lock, or has removed it all: what is left is what a crash would leave.
        }
        Abandon();
    }

    /// <summary>Lets go of everything, as the end of the process would.</summary>
    internal void Abandon()
    {
        lock (_gate)
        {
            _disposed = true;
            _attachment?.Dispose();
            _attachment = null;
            _generation?.Dispose();
            while (_owned.TryPop(out var resource))
                resource.Dispose();
        }
    }

    private Attachment Attached
    {
        get
        {
            ObjectDisposedException.ThrowIf(_attachment is null, this);
            return _attachment;
        }
    }

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_withdrawn)
            throw new SteeringException("Cannot change what is steered: this process is ending.");
    }

    private PreparedRuleset LoadAlone(Ruleset ruleset, SteeringOptions options)
    {
        var asked = WithOwnRules(ruleset, options);
        var guards = FindGuards(
            Attached.Slots.AllCookies(_services.Numbers.Count), asked, _ => options.LeaveExistingListeners, _ => options.LeaveEphemeralPorts);
        var guarded = guards.IsEmpty ? asked : Combine([.. asked.Rules, .. guards], asked.DenySources);
        var byOwner = ImmutableDictionary<string, Ruleset>.Empty.Add(options.Owner, asked);
        var rules = new RulesInForce(guarded, byOwner, guards);
        var counted = options.CountRules ? CountedRules.TryNumber(rules, _rules.Numbers) : null;
        var generation = Load(guarded, Attached.Maps, options.CountPorts, counted);
        return new PreparedRuleset(this, ruleset, rules.CountedBy(counted), options, guards, generation)
        {
            Before = _rules,
            Routes = options.LocalRoutes ? [.. LocalRoutes.Wanted(guarded)] : [],
        };
    }

    private Generation Load(Ruleset ruleset, SharedMaps maps, bool countPorts, CountedRules? counted)
    {
        counted?.ClearFresh(maps.Rules!);
        return Generation.Load(TableCompiler.Compile(ruleset, _services.NumberOf, counted), maps, countPorts, counted is not null);
    }

    /// <summary>Adds the routes that are missing, and has the link switched.</summary>
    private Publication Switch(PreparedRuleset prepared, Action<Generation> switchTo)
    {
        var next = prepared.Take();
        IReadOnlyList<SkippedRoute> skipped = [];
        Prefix[] before = [.. _routes.Added];
        try
        {
            skipped = _routes.Add(prepared.Routes);
            switchTo(next);
        }
        catch
        {
            next.Dispose();
            // Among them may be those of a predecessor, who goes on.
            _routes.KeepUsed(before);
            throw;
        }

        _generation?.Dispose();
        _generation = next;
        (_rules, _options) = (prepared.Rules, prepared.Options);
        Publications++;
        return new Publication(prepared.Guards, skipped);
    }

    /// <summary>What the guard rails add for the rules whose owners want them.</summary>
    private ImmutableArray<Rule> FindGuards(IReadOnlySet<ulong> registered, Ruleset asked, Func<Rule, bool> leavesListeners, Func<Rule, bool> leavesEphemeralPorts)
    {
        if (!asked.Rules.Any(rule => rule.Target.Kind == TargetKind.Service && (leavesListeners(rule) || leavesEphemeralPorts(rule))))
            return [];
        var assigned = _view.AssignedAddresses();
        return
        [
            .. GuardRules.ForListeners(asked, leavesListeners, _view.ForeignListeners(registered), assigned),
            .. GuardRules.ForEphemeralPorts(asked, leavesEphemeralPorts, assigned, _view.EphemeralPorts),
        ];
    }

    private static Ruleset WithOwnRules(Ruleset ruleset, SteeringOptions options) =>
        options.OwnRules.Count == 0 ? ruleset : Combine([.. ruleset.Rules, .. options.OwnRules], ruleset.DenySources);

    private static Ruleset Combine(IEnumerable<Rule> rules, IEnumerable<Prefix> denySources) =>
        Ruleset.TryCreate(rules, denySources, out var combined, out var errors)
            ? combined
            : throw new SteeringException($"Cannot publish the rules: {string.Join("; ", errors)}.");

    internal static SafeFileHandle OpenNamespace(string path)
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
