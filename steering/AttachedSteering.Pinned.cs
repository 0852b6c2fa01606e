using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;

namespace Everyport.Steering;

/// <content>
/// A steering that is pinned, and shared with those that were here before and will be here later. The first publication takes
/// over what is there: the same link, and the same maps where their layout is ours.
/// </content>
public sealed partial class AttachedSteering
{
    private readonly PinStore? _pins;

    /// <summary>Sockets that come into force with the first publication.</summary>
    private readonly List<(string Service, SafeHandle Socket)> _waiting = [];

    private int _movedSockets;

    /// <summary>The state that <see cref="_ruleset"/> and the numbers of services are from.</summary>
    private uint? _stateId;

    /// <summary>Whether another process has taken our place in a pinned steering: new connections and datagrams reach its sockets.</summary>
    public bool HasSuccessor
    {
        get
        {
            lock (_gate)
                return _pins is not null && _attachment is not null && !_withdrawn && IsTakenOver(_pins, _attachment);
        }
    }

    /// <summary>Puts another state in force for who holds the lock, may do so, and goes. Returns how many slots were filled from maps of another layout as well.</summary>
    internal static (Publication Publication, int MovedSockets) PublishHeld(SteeringOptions options, PinnedState? found, PinnedState wanted)
    {
        var visit = new AttachedSteering(options);
        try
        {
            using var prepared = visit.PreparePinned(visit._pins!, found, wanted, Ruleset.Empty, options);
            return (visit.PutInForce(visit._pins!, prepared, prepared.Plan!, found), visit._movedSockets);
        }
        finally
        {
            visit.Abandon();
        }
    }

    private void RegisterPinned(PinStore pins, string service, SafeHandle socket)
    {
        if (_attachment is null)
        {
            _ = Listener.Inspect(socket); // what cannot be steered to is refused before anything is taken over
            _waiting.Add((service, socket));
            return;
        }
        using var held = pins.Lock();
        var state = LoadOurs(pins, _attachment);
        _services.Adopt(state.Services);
        var number = _services.NumberOf(service);
        if (!state.Services.ContainsKey(service))
            pins.Rewrite(state with { Services = _services.ToImmutable() });
        _attachment.Slots.Register(number, service, socket);
    }

    private PreparedRuleset PreparePinned(PinStore pins, Ruleset ruleset, SteeringOptions options)
    {
        var found = _attachment is null ? pins.Load() : LoadOurs(pins, _attachment);
        var wanted = (found ?? PinnedState.New).With(options.Owner, WithOwnRules(ruleset, options), OwnerChoices.Of(options));
        return PreparePinned(pins, found, wanted, ruleset, options);
    }

    private PreparedRuleset PreparePinned(PinStore pins, PinnedState? found, PinnedState wanted, Ruleset ruleset, SteeringOptions options) =>
        LoadPinned(pins, new PinnedPlan(found, _attachment ?? OpenOrCreate(pins, found), wanted) { IsFirst = _attachment is null }, ruleset, options);

    private PreparedRuleset LoadPinned(PinStore pins, PinnedPlan plan, Ruleset ruleset, SteeringOptions options)
    {
        try
        {
            _services.Adopt(plan.Found?.Services ?? []);
            foreach (var (service, _) in _waiting)
                _services.NumberOf(service);
            TryWaiting();

            var asked = plan.Wanted.AllRules;
            var registered = plan.Found is { } found ? pins.Registered(found).Select(socket => socket.Cookie).ToHashSet() : [];
            var guards = FindGuards(
                registered, asked, plan.Wanted.RulesOfThoseWho(choices => choices.LeaveExistingListeners), plan.Wanted.RulesOfThoseWho(choices => choices.LeaveEphemeralPorts));
            var wanted = plan.Wanted with { Guards = guards };
            var guarded = guards.IsEmpty ? asked : wanted.Effective;
            var countPorts = wanted.Rules.Keys.Any(owner => wanted.ChoicesOf(owner).CountPorts);
            var generation = Generation.Load(TableCompiler.Compile(guarded, _services.NumberOf), plan.Attachment.Maps, countPorts);
            wanted = wanted with
            {
                Layout = _options.Layout,
                SlotsPerService = TableLayout.SlotsPerService,
                Program = generation.ProgramId,
                Services = _services.ToImmutable(),
            };
            return new PreparedRuleset(this, ruleset, guarded, options, guards, generation)
            {
                Plan = plan with { Wanted = wanted },
                Routes = [.. wanted.WantedRoutes],
            };
        }
        catch
        {
            plan.Drop();
            throw;
        }
    }

    private Publication PutInForcePinned(PinStore pins, PreparedRuleset prepared)
    {
        using var held = pins.Lock();
        var now = _attachment is null ? pins.Load() : LoadOurs(pins, _attachment);
        if (prepared.Plan!.Fits(now) && prepared.Plan.IsFirst == _attachment is null)
            return PutInForce(pins, prepared, prepared.Plan, now);
        // Somebody else has published meanwhile: what he has changed is not in it.
        using var again = PreparePinned(pins, prepared.Asked, prepared.Options);
        return PutInForce(pins, again, again.Plan!, again.Plan!.Found);
    }

    private Publication PutInForce(PinStore pins, PreparedRuleset prepared, PinnedPlan plan, PinnedState? now)
    {
        try
        {
            var areMapsNew = plan.IsFirst && plan.Found?.Layout != _options.Layout;
            TryWaiting();
            var publication = SwitchPinned(pins, prepared, plan, now, areMapsNew);
            // In maps that are in use our sockets replace those of a predecessor when all that may fail is done: until then it serves.
            if (!areMapsNew)
                RegisterWaiting(plan.Attachment);
            _waiting.Clear();
            _attachment = plan.Attachment;
            // Routes that only connections of a predecessor need stay as long as there are any, and go with a later publication.
            RemoveRoutes(pins, plan.Wanted, prepared.Routes);
            return publication with { TookOver = plan.IsFirst && plan.Found is not null };
        }
        catch
        {
            if (_attachment != plan.Attachment)
                plan.Drop();
            throw;
        }
    }

    private Publication SwitchPinned(PinStore pins, PreparedRuleset prepared, PinnedPlan plan, PinnedState? now, bool areMapsNew)
    {
        _services.Adopt(plan.Wanted.Services);
        _routes.Assume(now?.Routes ?? []);
        return Switch(prepared, generation =>
        {
            if (areMapsNew && plan.Found is { } found)
                MoveAll(pins, found, plan.Attachment.Maps);
            pins.Stage(plan.Wanted with { Routes = [.. _routes.Added] }, areMapsNew ? plan.Attachment.Maps : null);
            // Maps that nobody reads yet get our sockets before the link is switched to them.
            if (areMapsNew)
                RegisterWaiting(plan.Attachment);
            var isNew = plan.Attachment.Link is null;
            plan.Attachment.Switch(generation, _namespace);
            if (isNew)
                pins.PinLink(plan.Attachment.Link!);
            pins.Commit();
            _stateId = pins.StateId();
        });
    }

    private Attachment OpenOrCreate(PinStore pins, PinnedState? found)
    {
        if (found is null)
            return new Attachment(SharedMaps.Create(), link: null);
        return found.Layout == _options.Layout
            ? new Attachment(pins.OpenMaps(), pins.OpenLink())
            : new Attachment(SharedMaps.Create(), pins.OpenLink());
    }

    /// <summary>Takes everybody's sockets along to maps of another layout, and the counters.</summary>
    private void MoveAll(PinStore pins, PinnedState found, SharedMaps maps)
    {
        try
        {
            using var old = pins.OpenMaps();
            _movedSockets = MapMove.Run(old, found, maps);
        }
        catch (SteeringException e)
        {
            throw new SteeringException(
                $"Cannot take over the steering in '{pins.Path}' (PinPath): its maps have the layout {found.Layout}, this program's have {_options.Layout}, and what is in them cannot be moved: {e.Message.TrimEnd('.')}. "
                + "Use a program of the same version, or stop all that have sockets there and run 'steerctl unload'.", e);
        }
    }

    private void WithdrawPinned(PinStore pins)
    {
        if (_attachment is not { } attachment || _withdrawn)
            return;
        using var held = pins.Lock();
        if (IsTakenOver(pins, attachment) || pins.Load() is not { } state)
        {
            // The link is the successor's, who could not detach it as long as this process holds it.
            attachment.Detach();
            return;
        }
        if (state.Layout != _options.Layout)
            throw new SteeringException($"Cannot withdraw from the steering in '{pins.Path}' (PinPath): it was upgraded to the layout {state.Layout}, and this program's is {_options.Layout}. Start a program of that version, which takes over.");

        var rest = state.Without(_options.Owner);
        if (rest.Rules.IsEmpty && !rest.IsKept && !attachment.Slots.HaveOthers(state.Services.Count))
        {
            pins.Remove();
            attachment.Detach();
            return;
        }
        using var prepared = LoadPinned(pins, new PinnedPlan(state, attachment, rest) { IsFirst = false }, Ruleset.Empty, _options);
        SwitchPinned(pins, prepared, prepared.Plan!, state, areMapsNew: false);
        attachment.Slots.Withdraw();
    }

    /// <summary>Removes the local routes that nobody wants any more; whose steering is gone wanted all of his.</summary>
    private void SettleRoutes()
    {
        if (_pins is null || _attachment is null)
            return;
        using var held = _pins.Lock();
        if (_pins.Load() is not { } state)
        {
            _routes.Keep([]);
        }
        else if (state.Layout == _options.Layout)
        {
            _routes.Assume(state.Routes);
            _routes.Keep(state.WantedRoutes);
            RewriteRoutes(_pins, state);
        }
    }

    private void RemoveRoutes(PinStore pins, PinnedState state, IReadOnlyCollection<Prefix> wanted)
    {
        var before = _routes.Added.Count;
        try
        {
            _routes.KeepUsed(wanted);
        }
        catch (SteeringException e)
        {
            throw new SteeringException($"The rules are in force, but a route that they no longer need is left: {e.Message}", e);
        }
        if (_routes.Added.Count != before)
            RewriteRoutes(pins, state);
    }

    private void RewriteRoutes(PinStore pins, PinnedState state)
    {
        if (!state.Routes.SequenceEqual(_routes.Added))
            pins.Rewrite(state with { Routes = [.. _routes.Added] });
        _stateId = pins.StateId();
    }

    /// <summary>Has the kernel take our sockets where nobody looks for them: what it refuses is refused before anything is changed.</summary>
    private void TryWaiting()
    {
        if (_waiting.Count == 0)
            return;
        using var scratch = SharedMaps.CreateSockets(_waiting.Count * TableLayout.SlotsPerService);
        var slots = new SocketSlots(scratch);
        var number = 0;
        foreach (var sockets in WaitingByService())
            slots.Replace(number++, sockets.Key, [.. sockets]);
    }

    private void RegisterWaiting(Attachment attachment)
    {
        foreach (var sockets in WaitingByService())
            attachment.Slots.Replace(_services.NumberOf(sockets.Key), sockets.Key, [.. sockets]);
    }

    private IEnumerable<IGrouping<string, SafeHandle>> WaitingByService() =>
        _waiting.GroupBy(waiting => waiting.Service, waiting => waiting.Socket, StringComparer.Ordinal);

    /// <summary>Learns what others have published or registered since we last looked.</summary>
    private void NoticeOthers()
    {
        if (_pins is null || _attachment is null || _withdrawn || _disposed || _pins.StateId() is not { } id || id == _stateId)
            return;
        using var view = _pins.Look();
        if (view is null || view.State.Layout != _options.Layout)
            return;
        _services.Adopt(view.State.Services);
        (_ruleset, _stateId) = (view.State.Effective, id);
    }

    private PinnedState LoadOurs(PinStore pins, Attachment attachment)
    {
        if (IsTakenOver(pins, attachment))
            throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): another process has taken it over.");
        var state = pins.Load() ?? throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): somebody has removed it. Start this program again.");
        return state.Layout == _options.Layout
            ? state
            : throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): it was upgraded to the layout {state.Layout}, and this program's is {_options.Layout}. Start a program of that version, which takes over.");
    }

    /// <summary>Another's socket in a slot of ours, or maps of another layout without ours: with them, somebody has only upgraded.</summary>
    private static bool IsTakenOver(PinStore pins, Attachment attachment)
    {
        if (pins.SocketsMapId() is not { } id || id == ObjectInfo.OfMap(attachment.Maps.Sockets).Id)
            return attachment.Slots.HaveSuccessor;
        var ours = attachment.Slots.OwnCookies;
        using var view = pins.Look();
        return ours.Count == 0 || view is null || !pins.Registered(view.State).Any(socket => ours.Contains(socket.Cookie));
    }
}
