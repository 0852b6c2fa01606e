using Everyport.Proxy.Clusters;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Chooses a destination of a stream's cluster and dials it, with TLS where it is reached by that; where either fails,
/// another one.
/// </summary>
internal sealed class StreamDialler(Reactor reactor, DestinationDialler dialler)
{
    /// <summary>Dials destinations of the cluster until one answers, or as many were tried as the route allows.</summary>
    public async ValueTask<DialledStream> DialAsync(PendingStream pending)
    {
        var (cluster, settings) = (pending.Stream.Cluster, pending.Stream.Route.Settings);
        var tried = new TriedDestinations();
        var (failure, error) = (CloseReason.NoDestination, 0);
        while (tried.Count < settings.DialAttempts && cluster.Pick(pending.Steered.Client.Address, tried.AsSpan()) is { } destination)
        {
            tried.Add(destination);
            if (!destination.TryEnter())
                continue;
            var result = await dialler.DialAsync(destination.Destination, pending.Steered, settings);
            if (result.Connection is { } connection)
            {
                StreamEnd? encrypted = null;
                try
                {
                    if (destination.Destination.IsTls)
                        encrypted = await EncryptAsync(connection, destination, pending);
                }
                catch
                {
                    connection.Dispose();
                    destination.Leave();
                    throw;
                }
                if (encrypted is not null == destination.Destination.IsTls)
                {
                    destination.ReportDial(true);
                    return DialledStream.To(destination, connection, encrypted);
                }
                connection.Dispose();
            }
            destination.Leave();
            (failure, error) = (result.Connection is null ? CloseReason.DestinationUnreachable : CloseReason.DestinationTlsFailed, result.Error);
            if (error == Syscalls.ECANCELED || reactor.IsStopping)
                return DialledStream.Failed(CloseReason.Stopping, destination, Syscalls.ECANCELED);
            // What is short here would be short for the next one, and says nothing about the destination.
            if (error is Syscalls.EMFILE or Syscalls.ENFILE or Syscalls.ENOBUFS or Syscalls.ENOMEM)
                return DialledStream.Failed(CloseReason.OutOfResources, destination, error);
            if (!IsOurs(error))
                destination.ReportDial(false);
        }
        return DialledStream.Failed(failure, tried.Last, error);
    }

    /// <summary>Null where TLS fails, which has been told of then.</summary>
    private Task<StreamEnd?> EncryptAsync(UpstreamConnection connection, DestinationState destination, PendingStream pending)
    {
        DestinationHeader.Send(connection.Socket, pending);
        var (address, original) = (destination.Destination, pending.Steered.Original);
        return DestinationTls.EncryptAsync(
            reactor,
            connection.Socket,
            pending.Stream.UpstreamTls,
            new UpstreamHandshake(address.HostFor(original), address.PortFor(original), pending.Hello?.ServerName)
            {
                Protocols = pending.Protocol.Protocol.IsEmpty ? null : [pending.Protocol],
            },
            pending.Stream.Route.Settings.ConnectTimeout);
    }

    /// <summary>Errors before anything was sent: no port is left to dial from, or dialling from there is not allowed.</summary>
    private static bool IsOurs(int error) => error is Syscalls.EADDRINUSE or Syscalls.EADDRNOTAVAIL or Syscalls.EPERM or Syscalls.EACCES;
}
