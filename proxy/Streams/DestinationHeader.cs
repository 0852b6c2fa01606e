using System.Text;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>Tells a destination by the PROXY protocol who the client is, where the route wants it to.</summary>
internal static class DestinationHeader
{
    /// <summary>The send buffer of a new connection has room for it. Where it is broken already, others find out.</summary>
    public static void Send(ReactorSocket destination, PendingStream pending)
    {
        if (pending.Stream.Route.Settings.ProxyProtocol is not { } version)
            return;
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = ProxyHeaderWriter.Write(header, version, pending.Steered, Encoding.ASCII.GetBytes(pending.Hello?.ServerName ?? ""));
        destination.Send(header[..length]);
    }
}
