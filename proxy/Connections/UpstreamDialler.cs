using System.Collections.Immutable;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Opens the TCP connections of one reactor to destinations, and tells <see cref="UpstreamRegistry"/> of each. Of
/// several addresses the first that answers is taken (RFC 8305, "Happy Eyeballs").
/// </summary>
internal sealed class UpstreamDialler(Reactor reactor, UpstreamRegistry registry)
{
    private const int MostPorts = 8;

    /// <summary>Dials the addresses of one destination. Errors are told by number, time-outs among them.</summary>
    public ValueTask<DialResult> DialAsync(ImmutableArray<Address> addresses, ushort port, TimeSpan timeout, ClientSource? source) => addresses.Length switch
    {
        0 => new(DialResult.Failed(Syscalls.EHOSTUNREACH)),
        1 => DialAsync(new Endpoint(addresses[0], port), timeout, source),
        _ => new DialRace(reactor, this, addresses, port, source).RunAsync(timeout),
    };

    /// <summary>Dials one address; from <paramref name="source"/>, where that is the client's.</summary>
    public async ValueTask<DialResult> DialAsync(Endpoint destination, TimeSpan timeout, ClientSource? source)
    {
        var attempt = new DialAttempt(source);
        reactor.StartTimer(attempt, (long)timeout.TotalMilliseconds);
        var result = await AttemptAsync(destination, attempt);
        reactor.StopTimer(attempt);
        return result;
    }

    /// <summary>Dials one address until it answers, refuses, or the attempt is over.</summary>
    internal async ValueTask<DialResult> AttemptAsync(Endpoint destination, DialAttempt attempt)
    {
        var source = attempt.Source?.Serves(destination) == true ? attempt.Source : null;
        var result = await ConnectAsync(destination, source, attempt);
        // The port that was chosen is that of another connection of the same client to the same destination.
        for (var tries = 1; source is not null && result.Error is Syscalls.EADDRNOTAVAIL or Syscalls.EADDRINUSE && tries < MostPorts; tries++)
            result = await ConnectAsync(destination, source, attempt);
        return result;
    }

    private async ValueTask<DialResult> ConnectAsync(Endpoint destination, ClientSource? source, DialAttempt attempt)
    {
        var error = reactor.Open(destination.Address.IsIPv6, out var socket);
        if (socket is null)
            return DialResult.Failed(error);

        UpstreamRegistry.Registration? registration = null;
        try
        {
            TcpOptions.SendAtOnce(socket);
            error = source?.Bind(socket, destination) ?? 0;
            if (error != 0)
                return DialResult.Failed(error);

            registration = registry.Register(destination.WhenDialled, socket);
            error = socket.Connect(destination);
            if (error is 0 or -Syscalls.EINPROGRESS && !reactor.TryWatch(socket))
                error = reactor.IsStopping ? -Syscalls.ECANCELED : -Syscalls.ENOMEM;
            if (error == -Syscalls.EINPROGRESS)
                error = await attempt.ConnectedAsync(socket);
            if (error != 0)
                return DialResult.Failed(error);

            registration?.Connected();
            var connection = new UpstreamConnection(socket, registration);
            (socket, registration) = (null, null);
            return new DialResult(connection, 0);
        }
        finally
        {
            socket?.Dispose();
            registration?.Dispose();
        }
    }
}
