using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
/// thread's namespace.
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
    private bool _withdrawn, _disposed;

    private AttachedSteering(SteeringOptions options)
    {
        _options = options;
        try
        {
            _namespace = Own(OpenNamespace(options.NetworkNamespace));
            var socket = Own(new RouteSocket());
            var ownership = Own(new RouteOwnership("local"));
            _view = Own(new NamespaceView(socket));
            _routes = Own(new LocalRoutes(socket, ownership));
            if (options.PinPath is { } path)
            {
                _pins = new PinnedSteering(path, _namespace, options.PinLockTimeout);
                return;
            }
            _attachment = new Attachment(SharedMaps.Create(), link: null);
            _routes.RemoveStale();
        }
        catch
        {
            Dispose();
            throw;
        }
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
    public Ruleset Ruleset { get; private set; } = Ruleset.Empty;

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
                return Load(Attached, ruleset, WithOwnRules(ruleset, options), options, plan: null);
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
            var publication = Switch(prepared, generation => Attached.Switch(generation, _namespace));
            _routes.Keep(WantedRoutes());
            return publication;
        }
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

    /// <summary>Compiles and loads what is asked for, with what the guard rails add.</summary>
    private PreparedRuleset Load(Attachment attachment, Ruleset ruleset, Ruleset asked, SteeringOptions options, PinnedPlan? plan)
    {
        var guarded = AddGuards(attachment, asked, options, out var guards);
        var generation = Generation.Load(TableCompiler.Compile(guarded, _services.NumberOf), attachment.Maps, options.CountPorts);
        plan = plan is null ? null : plan with { Services = _services.Numbers.ToImmutableDictionary(StringComparer.Ordinal) };
        return new PreparedRuleset(this, ruleset, guarded, options, guards, generation, plan);
    }

    /// <summary>Adds the routes that are missing, and has the link switched.</summary>
    private Publication Switch(PreparedRuleset prepared, Action<Generation> switchTo)
    {
        var next = prepared.Take();
        IReadOnlyList<SkippedRoute> skipped = [];
        Prefix[] before = [.. _routes.Added];
        try
        {
            if (prepared.Options.LocalRoutes)
                skipped = _routes.Add(LocalRoutes.Wanted(prepared.Ruleset));
            switchTo(next);
        }
        catch
        {
            next.Dispose();
            // Among them may be those of a predecessor, who goes on.
            _routes.Keep(before);
            throw;
        }

        _generation?.Dispose();
        _generation = next;
        (Ruleset, _options) = (prepared.Ruleset, prepared.Options);
        Publications++;
        return new Publication(prepared.Guards, skipped);
    }

    private Ruleset AddGuards(Attachment attachment, Ruleset asked, SteeringOptions options, out ImmutableArray<Rule> guards)
    {
        var found = ImmutableArray.CreateBuilder<Rule>();
        if (options.LeaveExistingListeners)
            found.AddRange(GuardRules.ForListeners(asked, _view.ForeignListeners(attachment.Slots.AllCookies(_services.Numbers.Count)), _view.AssignedAddresses()));
        if (options.LeaveEphemeralPorts)
            found.AddRange(GuardRules.ForEphemeralPorts(asked, _view.AssignedAddresses(), _view.EphemeralPorts));
        guards = found.DrainToImmutable();
        return guards.IsEmpty ? asked : Combine([.. asked.Rules, .. guards], asked.DenySources);
    }

    private static Ruleset WithOwnRules(Ruleset ruleset, SteeringOptions options) =>
        options.OwnRules.Count == 0 ? ruleset : Combine([.. ruleset.Rules, .. options.OwnRules], ruleset.DenySources);

    private IEnumerable<Prefix> WantedRoutes() => _options.LocalRoutes ? LocalRoutes.Wanted(Ruleset) : [];

    private static Ruleset Combine(IEnumerable<Rule> rules, IEnumerable<Prefix> denySources) =>
        Ruleset.TryCreate(rules, denySources, out var combined, out var errors)
            ? combined
            : throw new SteeringException($"Cannot publish the rules: {string.Join("; ", errors)}.");

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
