using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>Dials for the HTTP client of .NET: on a reactor, as all dials are, and then takes the connection from it.</summary>
internal sealed class HttpDialler(ReactorGroup<DestinationDialler> reactors)
{
    /// <summary>As long as YARP gives its HTTP client to connect.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Dials a name or a literal address. The stream owns the connection, which stays on <paramref name="reactor"/>, where
    /// that is not null.
    /// </summary>
    /// <exception cref="SocketException">Nobody answers in time, or the name is not resolved.</exception>
    public Task<Stream> DialAsync(string host, int port, Reactor? reactor, CancellationToken cancelled)
    {
        var member = MemberOf(reactor);
        return member.RunAsync(dialler => DialAsync(host, port, member.Reactor, dialler, cancelled));
    }

    private static async ValueTask<Stream> DialAsync(string host, int port, Reactor reactor, DestinationDialler dialler, CancellationToken cancelled)
    {
        var result = await dialler.DialAsync(host, (ushort)port, ConnectTimeout, source: null);
        if (result.Connection is not { } connection)
            throw new SocketException(result.Error, Marshal.GetPInvokeErrorMessage(result.Error));
        if (!cancelled.IsCancellationRequested)
            return connection.ToStream(reactor);
        connection.Dispose();
        throw new OperationCanceledException(cancelled);
    }

    private ReactorMember<DestinationDialler> MemberOf(Reactor? reactor) => reactor is null ? reactors.Next() : reactors.Members[reactor.Number];
}
