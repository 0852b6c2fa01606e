using Everyport.Steering.Kernel;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Pins;

/// <content>
/// Reading without the lock, and without the right to change anything: no half of a change is seen. Where the link can be
/// opened, it tells which state is in force; where it cannot, a state counts that stays the same while its maps are opened.
/// </content>
internal sealed partial class PinStore
{
    private const int MostTries = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>What is in force; null where there is no steering. The caller disposes of it.</summary>
    /// <exception cref="SteeringException">What is there is not understood, or may not be read.</exception>
    public PinnedView? Look()
    {
        for (var tries = 0; _directory.Exists; tries++, Thread.Sleep(Pause))
        {
            using var link = _directory.TryOpenLink(Link);
            ObjectInfo.Link? info = link is null ? null : ObjectInfo.OfLink(link);
            if (info is null && HasNothing())
                return null;
            // A change that a crash has broken off does not end, and what was there before it is as good as the lock would find.
            if (TryLook(info?.ProgramId, isLast: tries == MostTries) is { } view)
            {
                if (link is null || ObjectInfo.OfLink(link).ProgramId == info!.Value.ProgramId)
                    return view with { Link = info };
                view.Dispose();
            }
            if (tries == MostTries)
            {
                throw new SteeringException($"Cannot read the steering in '{Path}' (PinPath): its state does not fit the program that is attached. Was it written by another program? 'steerctl unload --force' removes it.")
                {
                    IsNotUnderstood = true,
                };
            }
        }
        return null;
    }

    /// <summary>Throws where this user may not know.</summary>
    private bool HasNothing()
    {
        using var state = _directory.TryOpenToRead(State);
        return state is null && !_directory.Has(Link);
    }

    private PinnedView? TryLook(uint? program, bool isLast)
    {
        var isNext = false;
        using var current = _directory.TryOpenToRead(State);
        var state = current is null ? null : Parse(current);
        if (program is not null && state?.Program != program)
        {
            using var next = _directory.TryOpenToRead(NextState);
            (state, isNext) = (next is null ? null : Parse(next), true);
            if (state?.Program != program)
                return null;
        }
        if (state is null || program is null && !isLast && _directory.Has(NextState))
            return null;

        if (SharedMaps.TryOpen(name => Open(name, isNext)) is not { } maps)
            return null;
        if (isNext || StateId() == ObjectInfo.OfMap(current!).Id)
            return new PinnedView(state, maps);
        maps.Dispose();
        return null;
    }

    private SafeFileHandle? Open(string name, bool isNext) =>
        isNext && _directory.TryOpenToRead(name + PinDirectory.Next) is { } next ? next : _directory.TryOpenToRead(name);
}
