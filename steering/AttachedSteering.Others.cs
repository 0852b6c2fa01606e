using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <content>What others do to a pinned steering while we use it, and how we leave it to them.</content>
public sealed partial class AttachedSteering
{
    /// <summary>The state that <see cref="_rules"/> and the numbers of services are from.</summary>
    private uint? _stateId;

    /// <summary>Whether another process has taken our place in a pinned steering: new connections and datagrams reach its sockets.</summary>
    public bool HasSuccessor
    {
        get
        {
            lock (_gate)
            {
                if (_pins is null || _attachment is null || _withdrawn || !IsTakenOver(_pins, _attachment))
                    return false;
                if (!IsRemoved(_attachment))
                    return true;
                // What has been loaded since is somebody's, but only with our rules our successor's.
                using var view = _pins.Look();
                return view?.State.Rules.ContainsKey(_options.Owner) == true;
            }
        }
    }

    /// <summary>Whether somebody has detached the program from under us, as <c>steerctl unload --force</c> does: nothing is steered here any more.</summary>
    public bool HasBeenRemoved
    {
        get
        {
            lock (_gate)
                return _attachment is not null && !_withdrawn && IsRemoved(_attachment);
        }
    }

    /// <summary>Learns what others have published or registered since we last looked.</summary>
    private void NoticeOthers()
    {
        if (_pins is null || _attachment is null || _withdrawn || _disposed || _pins.StateId() is not { } id || id == _stateId)
            return;
        using var view = _pins.Look();
        if (view is null || view.State.Layout != _options.Layout)
            return;
        _services.Adopt(view.State.Services);
        (_rules, _stateId) = (RulesInForce.Of(view.State), id);
    }

    private PinnedState LoadOurs(PinStore pins, Attachment attachment)
    {
        var isRemoved = IsRemoved(attachment);
        if (!isRemoved && IsTakenOver(pins, attachment))
            throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): another process has taken it over.");
        var state = (isRemoved ? null : pins.Load()) ?? throw new SteeringException($"Cannot change the steering in '{pins.Path}' (PinPath): somebody has removed it. Start this program again.");
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

    private static bool IsRemoved(Attachment attachment) => attachment.Link is { IsClosed: false } link && ObjectInfo.OfLink(link).NamespaceInode == 0;

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
            _routes.KeepUsed(state.WantedRoutes);
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
}
