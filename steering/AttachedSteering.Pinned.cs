using System.Collections.Immutable;
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
    private static readonly ImmutableDictionary<string, Ruleset> NoRules = ImmutableDictionary.Create<string, Ruleset>(StringComparer.Ordinal);

    private readonly PinnedSteering? _pins;

    /// <summary>Sockets that come into force with the first publication.</summary>
    private readonly List<(string Service, SafeHandle Socket)> _waiting = [];

    /// <summary>Whether another process has taken our place in a pinned steering: new connections and datagrams reach its sockets.</summary>
    public bool HasSuccessor
    {
        get
        {
            lock (_gate)
                return _pins is not null && _attachment is not null && !_withdrawn && IsTakenOver(_pins, _attachment);
        }
    }

    private void RegisterPinned(PinnedSteering pins, string service, SafeHandle socket)
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
        {
            pins.Stage(state with { Services = _services.Numbers.ToImmutableDictionary(StringComparer.Ordinal) }, maps: null);
            pins.Commit();
        }
        _attachment.Slots.Register(number, service, socket);
    }

    private PreparedRuleset PreparePinned(PinnedSteering pins, Ruleset ruleset, SteeringOptions options)
    {
        var found = _attachment is null ? pins.Load() : LoadOurs(pins, _attachment);
        var rules = (found?.Rules ?? NoRules).SetItem(_options.Owner, WithOwnRules(ruleset, options));
        return LoadPinned(new PinnedPlan(found, _attachment ?? OpenOrCreate(pins, found), rules) { IsFirst = _attachment is null }, ruleset, options);
    }

    private PreparedRuleset LoadPinned(PinnedPlan plan, Ruleset ruleset, SteeringOptions options)
    {
        try
        {
            _services.Adopt(plan.Found?.Services ?? []);
            foreach (var (service, _) in _waiting)
                _services.NumberOf(service);
            var all = Combine(plan.Rules.Values.SelectMany(one => one.Rules), plan.Rules.Values.SelectMany(one => one.DenySources).Distinct());
            return Load(plan.Attachment, ruleset, all, options, plan);
        }
        catch
        {
            plan.Drop();
            throw;
        }
    }

    private Publication PutInForcePinned(PinnedSteering pins, PreparedRuleset prepared)
    {
        using var held = pins.Lock();
        var now = _attachment is null ? pins.Load() : LoadOurs(pins, _attachment);
        if (prepared.Plan!.Fits(now) && prepared.Plan.IsFirst == _attachment is null)
            return PutInForce(pins, prepared, prepared.Plan);
        // Somebody else has published meanwhile: what he has changed is not in it.
        using var again = PreparePinned(pins, prepared.Asked, prepared.Options);
        return PutInForce(pins, again, again.Plan!);
    }

    private Publication PutInForce(PinnedSteering pins, PreparedRuleset prepared, PinnedPlan plan)
    {
        if (!plan.IsFirst)
        {
            var next = SwitchPinned(pins, prepared, plan, areMapsNew: false);
            _routes.Keep(WantedRoutes());
            return next;
        }

        // Routes that only connections of a predecessor need stay for now; they go with the next publication.
        if (plan.Found is null)
            _routes.RemoveStale();
        else
            _routes.Adopt();
        try
        {
            var first = SwitchPinned(pins, prepared, plan, areMapsNew: plan.Found?.Layout != _options.Layout);
            // In maps that are in use our sockets replace those of a predecessor when all that may fail is done: until then it serves.
            RegisterWaiting(plan.Attachment);
            _attachment = plan.Attachment;
            _routes.StayBehind = true;
            return first with { TookOver = plan.Found is not null };
        }
        catch
        {
            plan.Drop();
            throw;
        }
    }

    private Publication SwitchPinned(PinnedSteering pins, PreparedRuleset prepared, PinnedPlan plan, bool areMapsNew)
    {
        _services.Adopt(plan.Services);
        return Switch(prepared, generation =>
        {
            var state = new PinnedState
            {
                Layout = _options.Layout,
                SlotsPerService = TableLayout.SlotsPerService,
                Program = generation.ProgramId,
                Services = plan.Services,
                Rules = plan.Rules,
                Guards = prepared.Guards,
            };
            pins.Stage(state, areMapsNew ? plan.Attachment.Maps : null);
            // Maps that nobody reads yet get our sockets before the link is switched to them.
            if (areMapsNew)
                RegisterWaiting(plan.Attachment);
            var isNew = plan.Attachment.Link is null;
            plan.Attachment.Switch(generation, _namespace);
            if (isNew)
                pins.PinLink(plan.Attachment.Link!);
            pins.Commit();
        });
    }

    private Attachment OpenOrCreate(PinnedSteering pins, PinnedState? found)
    {
        if (found is null)
            return new Attachment(SharedMaps.Create(), link: null);
        if (found.Layout == _options.Layout)
            return new Attachment(pins.OpenMaps(), pins.OpenLink());
        RefuseToLeaveBehind(pins, found);
        return new Attachment(SharedMaps.Create(), pins.OpenLink());
    }

    /// <summary>A process can give new maps its own sockets only; those of others would be left in the old ones.</summary>
    private void RefuseToLeaveBehind(PinnedSteering pins, PinnedState found)
    {
        var ours = _waiting.Select(waiting => waiting.Service).ToHashSet(StringComparer.Ordinal);
        if (pins.ServicesWithSockets(found).FirstOrDefault(service => !ours.Contains(service)) is { } service)
        {
            throw new SteeringException(
                $"Cannot take over the steering in '{pins.Path}' (PinPath): its maps have the layout {found.Layout}, this program's have {_options.Layout}, and the service '{service}' has sockets there. "
                + "Use a program of the same version, or stop that service until this one runs.");
        }
    }

    private void WithdrawPinned(PinnedSteering pins)
    {
        if (_attachment is not { } attachment)
            return;
        if (_withdrawn)
        {
            // Where a successor has ended before this process, nobody else is left to remove them.
            _routes.StayBehind &= pins.Load() is not null;
            return;
        }
        using var held = pins.Lock();
        _withdrawn = true;
        if (IsTakenOver(pins, attachment) || pins.Load() is not { } state)
        {
            // The link is the successor's, who could not detach it as long as this process holds it.
            attachment.Detach();
            return;
        }

        var rest = state.Rules.Remove(_options.Owner);
        if (rest.IsEmpty && !attachment.Slots.HaveOthers(state.Services.Count))
        {
            pins.Remove();
            attachment.Detach();
            _routes.StayBehind = false;
            return;
        }
        using var prepared = LoadPinned(new PinnedPlan(state, attachment, rest) { IsFirst = false }, Ruleset.Empty, _options);
        SwitchPinned(pins, prepared, prepared.Plan!, areMapsNew: false);
        attachment.Slots.Withdraw();
    }

    private void RegisterWaiting(Attachment attachment)
    {
        foreach (var sockets in _waiting.GroupBy(waiting => waiting.Service, waiting => waiting.Socket, StringComparer.Ordinal))
            attachment.Slots.Replace(_services.NumberOf(sockets.Key), sockets.Key, [.. sockets]);
        _waiting.Clear();
    }

    private static PinnedState LoadOurs(PinnedSteering pins, Attachment attachment)
    {
        if (IsTakenOver(pins, attachment))
            throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): another process has taken it over.");
        return pins.Load() ?? throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): somebody has removed it. Start this program again.");
    }

    private static bool IsTakenOver(PinnedSteering pins, Attachment attachment) =>
        attachment.Slots.HaveSuccessor || pins.SocketsMapId() is { } id && id != ObjectInfo.OfMap(attachment.Maps.Sockets).Id;
}
