using System.Net;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Finds destinations that are the admin host, which would be refused there when they are dialled. Only what is certain is told here:
/// names, and ports that clients choose, show when they are used.
/// </summary>
internal static class AdminDestinationCheck
{
    public static void Check(IPEndPoint admin, HttpConfiguration http, IReadOnlyList<StreamRoute> streams, ConfigurationErrors errors)
    {
        var own = OwnEndpoint.OfAdmin(admin);
        var ofHttp =
            from cluster in http.Clusters
            from destination in cluster.Destinations ?? new Dictionary<string, Yarp.ReverseProxy.Configuration.DestinationConfig>()
            where destination.Value.Address is not null // which is an error of its own
            select (cluster.ClusterId, Text: destination.Value.Address, Parsed: DestinationTemplate.ToStreamDestination(destination.Key, destination.Value.Address));
        var ofStreams =
            from stream in streams
            from destination in stream.Destinations
            select (stream.ClusterId, Text: destination.ToString(), Parsed: (StreamDestination?)destination);
        foreach (var (cluster, text, destination) in ofHttp.Concat(ofStreams))
        {
            if (destination is { Protocol: Protocols.Tcp, Port: { } port } && Address.TryParse(destination.Host, out var address) && IsOwn(own, address, port))
            {
                errors.Add(
                    $"ReverseProxy:Clusters:{cluster}:Destinations:{destination.Name}:Address",
                    $"'{text}' is the admin host (Admin:Listen), to which nothing that is steered may lead; have it listen where those reach it who need it, with a token");
            }
        }
    }

    /// <summary>One that listens everywhere answers on loopback; which other addresses are ours, only the kernel knows.</summary>
    private static bool IsOwn(OwnEndpoint own, Address address, ushort port) =>
        own.Answers(Protocols.Tcp, address, port) && (!own.IsEverywhere || IPAddress.IsLoopback(address.ToIPAddress()));
}
