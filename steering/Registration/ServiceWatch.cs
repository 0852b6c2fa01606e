using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Registration;

/// <summary>Keeps services registered across restarts of their programs, and of the steering.</summary>
public sealed class ServiceWatch : IDisposable
{
    /// <summary>How long to wait between two looks. What a restart costs on top of itself is this, and the look that finds the new listener.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly SteeringControl _control;
    private readonly SocketDiagnostics _diagnostics;
    private readonly WatchedSlots _slots;
    private readonly ServiceKeeper[] _keepers;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly string _namespace;
    private readonly FileIdentity? _identity;

    private ServiceWatch(SteeringOptions options, IReadOnlyList<WatchedService> services, TimeProvider clock)
    {
        _diagnostics = SocketNamespace.Run(options.NetworkNamespace, () => new SocketDiagnostics());
        _control = SteeringControl.Open(options);
        _slots = new WatchedSlots(new PinDirectory(options.PinPath!));
        _keepers = [.. services.Select(service => new ServiceKeeper(service, (name, sockets) => _control.Register(name, sockets, replace: true)))];
        (_clock, _start) = (clock, clock.GetTimestamp());
        (_namespace, _identity) = (options.NetworkNamespace, FileIdentity.TryOf(options.NetworkNamespace));
    }

    /// <summary>Whether each service has the sockets of its program, as far as the last look has shown.</summary>
    public bool IsComplete => _keepers.All(keeper => keeper.IsSettled);

    /// <summary>Makes ready to look; nothing is changed.</summary>
    /// <param name="options">The pinned steering; it need not be loaded yet.</param>
    /// <param name="services">What to watch.</param>
    /// <param name="clock">Tells how much time has passed.</param>
    public static ServiceWatch Open(SteeringOptions options, IReadOnlyList<WatchedService> services, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(clock);
        return new ServiceWatch(options, services, clock);
    }

    /// <summary>Looks once, registers what is missing, and tells what has changed.</summary>
    /// <exception cref="SteeringException">The network namespace has been made anew, as that of a container is with it: nobody looks at this one any more.</exception>
    public IReadOnlyList<WatchEvent> Look()
    {
        if (FileIdentity.TryOf(_namespace) is { } now && now != _identity)
            throw new SteeringException($"The network namespace '{_namespace}' is another one than at the start of this watch. Load its steering, and start the watch again.");
        try
        {
            _slots.Refresh();
        }
        catch (SteeringException e)
        {
            return _keepers[0].Fail(e) is { } failure ? [failure] : [];
        }
        var round = new WatchRound(_slots, _diagnostics, _clock.GetElapsedTime(_start));
        List<WatchEvent>? events = null;
        foreach (var keeper in _keepers)
        {
            if (keeper.Look(round) is { } change)
                (events ??= []).Add(change);
        }
        return events ?? (IReadOnlyList<WatchEvent>)[];
    }

    /// <summary>Takes the sockets back that this has registered, where nobody else has registered others for the same service. Returns the names of those services.</summary>
    public IReadOnlyList<string> Unregister()
    {
        _slots.Refresh();
        string[] ours = [.. _keepers.Where(keeper => keeper.HasAll(_slots.Read(keeper.Watched.Service))).Select(keeper => keeper.Watched.Service)];
        foreach (var service in ours)
            _control.Unregister(service, Protocols.All, ipv4: true, ipv6: true);
        return ours;
    }

    /// <summary>Stops watching. What is registered stays.</summary>
    public void Dispose()
    {
        foreach (var keeper in _keepers)
            keeper.Watched.Source.Dispose();
        _slots.Dispose();
        _control.Dispose();
        _diagnostics.Dispose();
    }
}
