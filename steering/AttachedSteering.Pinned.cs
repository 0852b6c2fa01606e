using System.Runtime.InteropServices;
using Everyport.Steering.Counters;
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
            var rules = new RulesInForce(guarded, wanted.Rules, guards);
            var counted = wanted.Rules.Keys.Any(owner => wanted.ChoicesOf(owner).CountRules) ? CountedRules.TryNumber(rules, plan.Found?.RuleNumbers) : null;
            var generation = Load(guarded, plan.Attachment.Maps, countPorts, counted);
            wanted = wanted with
            {
                Layout = _options.Layout,
                SlotsPerService = TableLayout.SlotsPerService,
                Program = generation.ProgramId,
                Namespace = pins.NamespaceInode,
                Services = _services.ToImmutable(),
                RuleNumbers = counted?.Numbers,
            };
            return new PreparedRuleset(this, ruleset, rules.CountedBy(counted), options, guards, generation)
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
            pins.Stage(plan.Wanted with { Routes = [.. _routes.Added] }, plan.Attachment.Maps, areMapsNew);
            try
            {
                // Maps that nobody reads yet get our sockets before the link is switched to them.
                if (areMapsNew)
                    RegisterWaiting(plan.Attachment);
                var isNew = plan.Attachment.Link is null;
                plan.Attachment.Switch(generation, _namespace);
                if (isNew)
                    pins.PinLink(plan.Attachment.Link!);
                pins.Commit();
            }
            catch
            {
                pins.Settle();
                throw;
            }
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
}
