using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Pins;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering;

/// <summary>
/// A pinned steering, for those who come, look or change something, and go: nothing of it ends with this object. Each member does
/// one thing as a whole, under the lock of the writers where it changes something, and needs no more privileges than that takes.
/// </summary>
public sealed partial class SteeringControl : IDisposable
{
    /// <summary>Whose rules are changed, where the options name nobody else.</summary>
    public const string DefaultOwner = "steerctl";

    private readonly SteeringOptions _options;
    private readonly SafeFileHandle _namespace;
    private readonly PinStore _store;

    private SteeringControl(SteeringOptions options, SafeFileHandle @namespace)
    {
        (_options, _namespace) = (options, @namespace);
        _store = new PinStore(options.PinPath!, @namespace, options.PinLockTimeout);
    }

    /// <summary>The version of the layout of maps that this program works with.</summary>
    public static int Layout => Tables.TableLayout.Version;

    /// <summary>Names the steering of <see cref="SteeringOptions.PinPath"/>; nothing is touched, and it may not be there.</summary>
    /// <exception cref="SteeringException">The network namespace cannot be opened.</exception>
    public static SteeringControl Open(SteeringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.PinPath);
        var owned = options.Owner == Target.ProxyService ? options with { Owner = DefaultOwner } : options;
        return new SteeringControl(owned, AttachedSteering.OpenNamespace(options.NetworkNamespace));
    }

    /// <summary>
    /// Makes a steering without rules, which stays until it is unloaded. False where there is one already: that of a program that would take it
    /// along when it ends is kept from now on. Takes CAP_BPF and CAP_NET_ADMIN.
    /// </summary>
    public bool Load() => Load(out _);

    /// <summary>The same, and whether one that was there already is another now: choices and a group that the options name hold for it as well.</summary>
    public bool Load(out bool changed)
    {
        Requirements.Check();
        _store.Make();
        using var held = _store.Lock();
        var found = LoadAttached(); // refuses what is another program's, before a group is let in
        var isAdmitted = _store.Admit(_options);
        var (asked, before) = (OwnerChoices.Of(_options), found?.Choices.GetValueOrDefault(_options.Owner));
        var choices = before is not null && asked == OwnerChoices.Default ? before : asked;
        var wanted = (found ?? PinnedState.New) with { IsKept = true };
        wanted = wanted with { Choices = wanted.Choices.SetItem(_options.Owner, choices) };
        var areOthers = found is not null && choices != found.ChoicesOf(_options.Owner);
        if (areOthers)
            RefuseOtherLayout(found!);
        if (found is null || areOthers)
            AttachedSteering.PublishHeld(_options, found, wanted);
        else if (!found.IsKept)
            _store.Rewrite(wanted);
        changed = found is not null && (isAdmitted || areOthers || !found.IsKept);
        return found is null;
    }

    /// <summary>
    /// Removes everything: rules, sockets, counters, local routes; every lookup is normal again. False where nothing is there. Without
    /// <paramref name="force"/>, a steering that others use, or that is not understood, is left alone.
    /// </summary>
    /// <exception cref="SteeringException">Others use it, its state cannot be read, or it is another namespace's.</exception>
    public bool Unload(bool force)
    {
        if (!_store.Exists)
            return false;
        using var held = _store.Lock();
        if (RemoveDetached())
            return true;
        var state = LoadToRemove(force);
        if (state is null && !_store.HasState)
            return RemoveRoutes(); // left by what has ended without its routes
        if (state is not null && !force)
            RefuseToRemove(state);
        RemoveRoutes(); // who may not do that has removed nothing then
        _store.Destroy();
        return true;
    }

    /// <summary>What <see cref="Change"/> would do now. Takes no lock, and changes nothing.</summary>
    /// <exception cref="SteeringException">It would fail: the rules contradict each other or those of others, or nothing is loaded.</exception>
    public RulesetChange Preview(Func<Ruleset, Ruleset> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        using var view = _store.Look() ?? throw IsNotLoaded();
        if (view.Link is { NamespaceInode: 0 })
            throw IsNotLoaded(); // detached: whoever changes it removes what is left
        RefuseOtherLayout(view.State);
        var (changed, wanted) = Apply(view.State, change);
        if (!changed.IsEmpty)
            _ = wanted.AllRules; // throws where they contradict each other
        return changed;
    }

    /// <summary>
    /// Changes the rules of our owner, and puts all in force in one step. Where nothing differs, nothing is published. Takes CAP_BPF, and
    /// CAP_NET_ADMIN where a local route has to be added or removed.
    /// </summary>
    /// <exception cref="SteeringException">It failed, and nothing has changed.</exception>
    public (RulesetChange Change, Publication? Publication) Change(Func<Ruleset, Ruleset> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Requirements.CheckToLoadPrograms();
        using var held = LockLoaded();
        var found = LoadAttached() ?? throw IsNotLoaded();
        RefuseOtherLayout(found);
        var (changed, wanted) = Apply(found, change);
        return (changed, changed.IsEmpty ? null : AttachedSteering.PublishHeld(_options, found, wanted).Publication);
    }

    /// <summary>
    /// Brings it to the layout and the program of this version. Sockets and counters are kept, whoever they belong to, and the link goes on in one
    /// step. Takes CAP_BPF and CAP_NET_ADMIN.
    /// </summary>
    public UpgradeResult Upgrade()
    {
        Requirements.Check();
        using var held = LockLoaded();
        var found = LoadAttached() ?? throw IsNotLoaded();
        var (_, moved) = AttachedSteering.PublishHeld(_options, found, found);
        return new UpgradeResult(found.Layout, _options.Layout, moved);
    }

    /// <inheritdoc/>
    public void Dispose() => _namespace.Dispose();

    private (RulesetChange Change, PinnedState Wanted) Apply(PinnedState found, Func<Ruleset, Ruleset> change)
    {
        var before = found.Rules.GetValueOrDefault(_options.Owner, Ruleset.Empty);
        var after = change(before);
        var changed = RulesetChange.Between(before, after);
        var isEmpty = after.Rules.IsEmpty && after.DenySources.IsEmpty;
        var wanted = found with { Rules = isEmpty ? found.Rules.Remove(_options.Owner) : found.Rules.SetItem(_options.Owner, after) };
        return (changed, wanted);
    }

    /// <summary>The state; what is left of a steering that somebody has detached is removed, with its routes.</summary>
    private PinnedState? LoadAttached()
    {
        RemoveDetached();
        return _store.Load();
    }

    /// <summary>Its state still tells which namespace its routes are in. One that is not understood is for <see cref="Unload"/> by force.</summary>
    private bool RemoveDetached()
    {
        if (_store.TryReadDetached() is not { } state)
            return false;
        if (state.Namespace == 0 || state.Namespace == _store.NamespaceInode)
            RemoveRoutes(); // those of a namespace that is gone went with it
        _store.Remove();
        return true;
    }

    private PinnedState? LoadToRemove(bool force)
    {
        try
        {
            return _store.Load();
        }
        catch (SteeringException e) when (_store.HasState)
        {
            _store.CheckNamespace();
            if (!force && !e.IsNotUnderstood)
                throw;
            return force ? null : throw new SteeringException($"{e.Message} 'steerctl unload --force' removes it.", e) { IsNotUnderstood = true };
        }
    }

    private void RefuseToRemove(PinnedState state)
    {
        var others = state.Rules.Keys.Where(owner => owner != _options.Owner).Order(StringComparer.Ordinal).ToArray();
        if (others.Length == 0)
            return;
        var theirs = others.SelectMany(owner => state.Rules[owner].Rules).Select(rule => rule.Target.Service).ToHashSet();
        var services = _store.Registered(state).Select(socket => socket.Service).Where(theirs.Contains).Distinct().Order(StringComparer.Ordinal).ToArray();
        var sockets = services.Length == 0 ? "" : $", and sockets of {Quoted("service", services)} are registered for them";
        throw new SteeringException(
            $"Cannot unload the steering in '{_store.Path}': rules of {Quoted("owner", others)} are in force{sockets}. Stop what has made them, or unload it all with '--force'.");
    }

    /// <summary>All routes of their kind: a namespace has one pinned steering. False where there was none.</summary>
    private bool RemoveRoutes() => NamespaceThread.Run(_namespace, () =>
    {
        using var socket = new RouteSocket();
        var removed = false;
        foreach (var route in socket.Routes().Where(route => route.Protocol == LocalRoutes.PinnedProtocol))
            removed |= socket.Remove(route);
        return removed;
    });

    private PinLock LockLoaded() => _store.Exists ? _store.Lock() : throw IsNotLoaded();

    private void RefuseOtherLayout(PinnedState state)
    {
        if (state.Layout != _options.Layout)
        {
            throw new SteeringException(
                $"Cannot use the steering in '{_store.Path}': its maps have the layout {state.Layout}, this program's have {_options.Layout}. "
                + "Use a program of the version that has loaded it, or bring it to this one with 'steerctl upgrade'.");
        }
    }

    private SteeringException IsNotLoaded() => new($"No steering is loaded in '{_store.Path}'; 'steerctl load' makes one.");

    private static string Quoted(string word, string[] names) => $"{word}{(names.Length > 1 ? "s" : "")} {string.Join(", ", names.Select(name => $"'{name}'"))}";
}
