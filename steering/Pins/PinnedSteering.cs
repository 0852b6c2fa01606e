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
internal sealed class PinnedSteering
{
    private const string Link = "link", State = "state", Sockets = "sockets", NextState = State + PinDirectory.Next;

    /// <summary>All names, in the order in which they are removed: the link first, so that what it needs is there as long as it is.</summary>
    private static readonly string[] Names =
        [Link, State, NextState, .. SharedMaps.Names, .. SharedMaps.Names.Select(name => name + PinDirectory.Next)];

    private readonly PinDirectory _directory;
    private readonly ulong _namespaceInode;
    private readonly TimeSpan _lockTimeout;

    public PinnedSteering(string path, SafeFileHandle @namespace, TimeSpan lockTimeout)
    {
        _directory = PinDirectory.Open(path);
        (_namespaceInode, _lockTimeout) = (FileIdentity.Of(@namespace).Inode, lockTimeout);
    }

    public string Path => _directory.Path;

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
            throw new SteeringException($"Cannot use the steering in '{Path}' (PinPath): it steers another network namespace. Each namespace needs a directory of its own.");
        if (_directory.Has(NextState))
            FinishOrUndo(info.ProgramId);
        if (_directory.Has(State))
            return Read(State);
        RemoveLeftovers();
        return null;
    }

    public SharedMaps OpenMaps() => SharedMaps.From(_directory.OpenPin);

    public SafeFileHandle OpenLink() => _directory.OpenPin(Link);

    public void PinLink(SafeFileHandle link) => _directory.Pin(link, Link);

    /// <summary>Which sockets map others find now; null where there is none.</summary>
    public uint? SocketsMapId()
    {
        using var sockets = _directory.TryOpenPin(Sockets);
        return sockets is null ? null : ObjectInfo.OfMap(sockets).Id;
    }

    /// <summary>The services that have sockets in maps of whatever layout.</summary>
    public IEnumerable<string> ServicesWithSockets(PinnedState state)
    {
        using var sockets = _directory.OpenPin(Sockets);
        var slots = new SocketSlots(sockets);
        foreach (var (service, number) in state.Services)
        {
            if (slots.AnyIn(number * state.SlotsPerService, state.SlotsPerService))
                yield return service;
        }
    }

    /// <summary>Pins what is to be in force, beside what is. <paramref name="maps"/> are new ones, or null where they stay.</summary>
    public void Stage(PinnedState state, SharedMaps? maps)
    {
        Undo();
        foreach (var (name, map) in maps?.ByName ?? [])
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

    /// <summary>Removes the steering: with the pin of the link goes the last that holds it, unless a process does.</summary>
    public void Remove()
    {
        foreach (var name in Names.Where(_directory.Has))
            _directory.Unpin(name);
    }

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

    private PinnedState Read(string name)
    {
        using var map = _directory.OpenPin(name);
        return PinnedStateText.Read(PinnedText.Read(map), Path);
    }
}
