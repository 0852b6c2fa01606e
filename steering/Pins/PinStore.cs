using Everyport.Steering.Kernel;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Pins;

/// <summary>
/// A steering that outlives the processes that work on it: what is pinned in its directory, and how that changes. What a
/// change needs is pinned beside what is there; then the link is switched to the new program; then names are moved over.
/// The state names its program, so that after a crash in between the link tells which of the two is in force.
/// </summary>
internal sealed partial class PinStore
{
    public const string Link = "link";

    public const string State = "state";

    private const string NextState = State + PinDirectory.Next;

    /// <summary>All names, in the order in which they are removed: the link first, so that what it needs is there as long as it is.</summary>
    private static readonly string[] Names =
        [Link, State, NextState, .. SharedMaps.Names, .. SharedMaps.Names.Select(name => name + PinDirectory.Next)];

    private readonly PinDirectory _directory;
    private readonly ulong _namespaceInode;
    private readonly TimeSpan _lockTimeout;

    public PinStore(string path, SafeFileHandle @namespace, TimeSpan lockTimeout)
    {
        _directory = new PinDirectory(path);
        (_namespaceInode, _lockTimeout) = (FileIdentity.Of(@namespace).Inode, lockTimeout);
    }

    public string Path => _directory.Path;

    /// <summary>Of the namespace that is to be steered.</summary>
    public ulong NamespaceInode => _namespaceInode;

    public bool Exists => _directory.Exists;

    /// <summary>Whether there is a state, be it one that cannot be read.</summary>
    public bool HasState => _directory.Has(State);

    /// <summary>Makes the directory where it is not there yet.</summary>
    public void Make() => _directory.Make();

    /// <summary>Lets a group in where one is named, also to what was pinned before. Nobody else may change it meanwhile. Returns whether there was something to do.</summary>
    public bool Admit(SteeringOptions options)
    {
        if (options.PinGroup is not { } group)
            return false;
        var access = PinAccess.To(group, options.PinGroupWrites);
        var changed = _directory.Admit(access);
        foreach (var name in Names.Where(_directory.Has))
            changed |= access.Grant(_directory.PathOf(name), name);
        return changed;
    }

    /// <summary>For every change, and for <see cref="Load"/>.</summary>
    public PinLock Lock() => PinLock.Take(Path, _lockTimeout);

    /// <summary>
    /// The state of the steering, or null where there is none. Finishes or undoes what a crash has left half done, and removes what
    /// is left of a dead namespace.
    /// </summary>
    public PinnedState? Load()
    {
        using var link = _directory.TryOpenPin(Link);
        if (link is null || ObjectInfo.OfLink(link) is not { NamespaceInode: > 0 } info)
        {
            RemoveLeftovers();
            return null;
        }
        if (info.NamespaceInode != _namespaceInode)
            throw IsOfAnother();
        if (_directory.Has(NextState))
            FinishOrUndo(info.ProgramId);
        if (_directory.Has(State))
            return Read(State);
        RemoveLeftovers();
        return null;
    }

    /// <summary>The state of a steering that does not steer any more, as somebody has detached it; null where there is none, or it cannot be read.</summary>
    public PinnedState? TryReadDetached()
    {
        using var link = _directory.TryOpenPin(Link);
        if (link is null || ObjectInfo.OfLink(link).NamespaceInode != 0 || !_directory.Has(State))
            return null;
        try
        {
            return Read(State);
        }
        catch (SteeringException e) when (e.IsNotUnderstood)
        {
            return null;
        }
    }

    /// <summary>The same for who may put sockets into slots, and nothing else: he cannot open the link, and finishes and removes nothing.</summary>
    public PinnedState? LoadToRegister()
    {
        using (var link = _directory.TryOpenLink(Link))
        {
            if (link is not null && ObjectInfo.OfLink(link).NamespaceInode == 0)
                return null; // whoever may remove routes removes what is left
            if (link is not null || !_directory.Has(Link))
                return Load();
        }
        if (_directory.Has(NextState))
            throw new SteeringException($"Cannot use the steering in '{Path}' (PinPath): a change of it was broken off. Have its owner run 'steerctl load', which finishes or undoes it.");
        var state = Read(State);
        return state.Namespace == 0 || state.Namespace == _namespaceInode ? state : throw IsOfAnother();
    }

    public SharedMaps OpenMaps() => SharedMaps.From(name => name == SharedMaps.RulesName ? _directory.TryOpenPin(name) ?? SharedMaps.CreateRules() : _directory.OpenPin(name));

    public SafeFileHandle OpenSockets() => _directory.OpenPin(SharedMaps.SocketsName);

    public SafeFileHandle OpenLink() => _directory.OpenPin(Link);

    public void PinLink(SafeFileHandle link) => _directory.Pin(link, Link);

    /// <summary>Which sockets map others find now; null where there is none.</summary>
    public uint? SocketsMapId() => IdOf(SharedMaps.SocketsName);

    /// <summary>Which state others find now: each has a map of its own.</summary>
    public uint? StateId() => IdOf(State);

    /// <summary>The sockets of services, in maps of whatever layout.</summary>
    public IEnumerable<(string Service, ulong Cookie)> Registered(PinnedState state)
    {
        using var sockets = _directory.OpenToRead(SharedMaps.SocketsName);
        var slots = new SocketSlots(sockets);
        foreach (var (service, number) in state.Services)
        {
            foreach (var cookie in slots.CookiesIn(number * state.SlotsPerService, state.SlotsPerService))
                yield return (service, cookie);
        }
    }

    /// <summary>Pins what is to be in force, beside what is. Of <paramref name="maps"/>, all where they are new, and those that a predecessor did not have; null where they stay.</summary>
    public void Stage(PinnedState state, SharedMaps? maps, bool areNew)
    {
        Undo();
        foreach (var (name, map) in (maps?.ByName ?? []).Where(map => areNew || !_directory.Has(map.Name)))
            _directory.Pin(map, name + PinDirectory.Next);
        using var text = PinnedText.Create(State, PinnedStateText.Write(state));
        _directory.Pin(text, NextState);
    }

    /// <summary>Gives what was staged the names under which others find it. The state comes last: it says that there is something to do.</summary>
    public void Commit()
    {
        foreach (var name in SharedMaps.Names)
        {
            if (_directory.Has(name + PinDirectory.Next))
                _directory.Rename(name + PinDirectory.Next, name);
        }
        _directory.Rename(NextState, State);
    }

    /// <summary>Finishes or undoes what was staged, after a failure: what is left half done keeps those waiting who may not do so.</summary>
    public void Settle()
    {
        try
        {
            _ = Load();
        }
        catch (SteeringException)
        {
            // The failure before this one says more; the next writer tries again.
        }
    }

    /// <summary>Puts another state in the place of the one for the same program.</summary>
    public void Rewrite(PinnedState state)
    {
        Stage(state, maps: null, areNew: false);
        Commit();
    }

    /// <summary>Detaches the program, even from under a process that holds the link, and removes everything.</summary>
    public void Destroy()
    {
        using (var link = _directory.TryOpenPin(Link))
        {
            if (link is not null && Libbpf.LinkDetach(link) < 0)
                throw KernelError.Last($"detach the program of '{Path}'");
        }
        Remove();
    }

    /// <summary>Removes the steering: with the pin of the link goes the last that holds it, unless a process does.</summary>
    public void Remove()
    {
        foreach (var name in Names.Where(_directory.Has))
            _directory.Unpin(name);
    }

    /// <summary>Throws where the link steers another namespace, which is alive.</summary>
    public void CheckNamespace()
    {
        using var link = _directory.TryOpenPin(Link);
        if (link is not null && ObjectInfo.OfLink(link).NamespaceInode is not 0 and var inode && inode != _namespaceInode)
            throw IsOfAnother();
    }

    private SteeringException IsOfAnother() =>
        new($"Cannot use the steering in '{Path}' (PinPath): it steers another network namespace. Each namespace needs a directory of its own.");

    private void RemoveLeftovers()
    {
        if (Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName).FirstOrDefault(name => !Names.Contains(name)) is { } stranger)
            throw new SteeringException($"Cannot keep the steering in '{Path}' (PinPath): it holds '{stranger}', which is another program's. Choose a directory of its own, such as '/sys/fs/bpf/everyport'.");
        Remove();
    }

    private void FinishOrUndo(uint program)
    {
        if (Read(NextState).Program == program)
            Commit();
        else
            Undo();
    }

    private void Undo()
    {
        foreach (var name in Names.Where(name => name.EndsWith(PinDirectory.Next, StringComparison.Ordinal) && _directory.Has(name)))
            _directory.Unpin(name);
    }

    private uint? IdOf(string name)
    {
        using var map = _directory.TryOpenToRead(name);
        return map is null ? null : ObjectInfo.OfMap(map).Id;
    }

    private PinnedState Read(string name)
    {
        using var map = _directory.OpenToRead(name);
        return Parse(map);
    }

    private PinnedState Parse(SafeFileHandle map) => PinnedStateText.Read(PinnedText.Read(map), Path);
}
