using System.Globalization;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>The sockets that systemd, or <c>systemd-socket-activate</c>, has opened for this process; see sd_listen_fds(3).</summary>
public static class ActivatedSockets
{
    private const string Process = "LISTEN_PID", Count = "LISTEN_FDS", Names = "LISTEN_FDNAMES";

    /// <summary>What systemd calls a socket without a name.</summary>
    private const string NoName = "unknown";

    private const int FirstDescriptor = 3, MostDescriptors = 1024;

    /// <summary>Takes them, all or none. Nothing is changed.</summary>
    /// <param name="service">The service that they are for; null where each has the name of its own.</param>
    /// <param name="environment">Looks a variable up.</param>
    /// <param name="networkNamespace">The file of the namespace that is steered.</param>
    /// <exception cref="SteeringException">There are none, or one of them cannot be steered to; the message says what to do.</exception>
    public static IReadOnlyList<ActivatedSocket> Take(string? service, Func<string, string?> environment, string networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var count = CountFor(environment);
        var names = service is null ? NamesOf(environment, count) : [.. Enumerable.Repeat(service, count)];
        if (names.FirstOrDefault(name => ServiceName.Problem(name) is not null) is { } bad)
            throw new SteeringException($"'{bad}' ({Names}) is not the name of a service: it {ServiceName.Problem(bad)}. Set 'FileDescriptorName=' in the socket unit, or name the service: 'steerctl register SERVICE'.");
        var theirs = SocketNamespace.OfFile(networkNamespace);
        return [.. names.Select((name, i) => Take(FirstDescriptor + i, name, theirs, networkNamespace))];
    }

    private static int CountFor(Func<string, string?> environment)
    {
        var (forProcess, count) = (environment(Process), environment(Count));
        if (count is null)
        {
            throw new SteeringException(
                $"There are no sockets to register: {Count} is not set, so this was not started by socket activation. Start it by a systemd unit with 'Sockets=', "
                + "or by 'systemd-socket-activate'; or name the process that has the sockets with --pid.");
        }
        if (forProcess != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            throw new SteeringException($"The sockets are for the process '{forProcess}' ({Process}), and this is {Environment.ProcessId}. Where a shell starts this, have it do so with 'exec'.");
        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostDescriptors
            ? number
            : throw new SteeringException($"'{count}' ({Count}) is not a number of sockets; expected 1 to {MostDescriptors}.");
    }

    private static string[] NamesOf(Func<string, string?> environment, int count)
    {
        string[] names = environment(Names)?.Split(':') ?? [];
        if (names.Length != count)
        {
            throw new SteeringException(
                $"It is not clear which service each of the {count} sockets is for: {Names} has {names.Length} names. Set 'FileDescriptorName=' in the socket unit, or name the service: 'steerctl register SERVICE'.");
        }
        return Array.Find(names, name => name is "" or NoName) is null
            ? names
            : throw new SteeringException($"It is not clear which service the sockets are for: one has no name ({Names} is '{environment(Names)}'). Set 'FileDescriptorName=' in the socket unit, or name the service: 'steerctl register SERVICE'.");
    }

    private static ActivatedSocket Take(int descriptor, string name, ulong? theirs, string networkNamespace)
    {
        if (Libc.FileControl(descriptor, Libc.GetDescriptorFlags, 0) < 0)
            throw new SteeringException($"The descriptor {descriptor} is not open, though {Count} counts it. Something between systemd and this program has closed it.");
        var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        var fault = Listener.TryInspect(handle, out var listener);
        if (fault != ListenerFault.None)
            throw new SteeringException($"Cannot register the descriptor {descriptor} for the service '{name}': {Listener.Explain(fault)}. Nothing was changed.");

        var what = $"{(listener.Udp ? "udp" : "tcp")} {LocalEndpoint.Of(handle)}";
        return SocketNamespace.Of(handle) == theirs
            ? new ActivatedSocket(name, handle, what)
            : throw new SteeringException($"Cannot register the socket {what} for the service '{name}': it is in another network namespace than the steering ({networkNamespace}). Name that of the socket with --netns.");
    }
}
