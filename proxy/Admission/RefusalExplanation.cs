namespace Everyport.Proxy.Admission;

/// <summary>What the log says about a refused connection: what it ran into, and what to change.</summary>
internal static class RefusalExplanation
{
    /// <summary>The sentence for a reason.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="detail">The name of the stream, or what is wrong with the PROXY header.</param>
    public static string Of(RefusalReason reason, string? detail) => reason switch
    {
        RefusalReason.TotalConnections =>
            "as many are open as 'Limits:MaxConnections' allows. Raise it where descriptors and memory suffice",
        RefusalReason.SourceConnections =>
            "its source has as many open as 'Limits:MaxConnectionsPerSource' allows. Raise it where many clients share one address",
        RefusalReason.SourceRate =>
            "its source opens them faster than 'Limits:NewConnectionsPerSecondPerSource' allows. Raise it where many clients share one address, or set it to 'off'",
        RefusalReason.RouteConnections =>
            $"as many are open as 'Streams:{detail}:MaxConnections' allows. Raise it where the destinations can take more",
        RefusalReason.Descriptors =>
            "no file descriptor is left. Raise the limit of the process (LimitNOFILE in systemd, 'ulimit -n'), or lower 'Limits:MaxConnections'",
        RefusalReason.Loop =>
            "it comes from this proxy: the rules steer the address of one of its destinations back to it. "
            + "Add a rule with \"Action\": \"Pass\" for that address and port, or give the destination another address",
        RefusalReason.ProxyHeaderMissing =>
            "a section of 'ProxyProtocol' requires a PROXY header here, and the client began with something else. Let the peer send one, or narrow the section",
        RefusalReason.ProxyHeaderMalformed =>
            $"its PROXY header is malformed ({detail}). What sends it does not follow the protocol, or something damages it on the way",
        RefusalReason.ProxyHeaderTimedOut =>
            "a section of 'ProxyProtocol' requires a PROXY header here, and none came within 'Limits:SniffTimeout'. Let the peer send one, or narrow the section",
        RefusalReason.ProxyHeaderUntrusted =>
            "a section of 'ProxyProtocol' requires a PROXY header here, and the client is not in its 'Sources'. Add it there, or set 'Others' to 'Direct'",
        RefusalReason.NoRoute =>
            "no route takes it. Add a stream without 'Match' for all that no other takes, or widen the 'Match' of a route; 'everyport explain' tells what decides",
        RefusalReason.ServerNameUnknown =>
            "it asks by TLS for a name that no certificate and no stream has. Add the name to the 'Hosts' of an entry of 'Tls:Certificates', or '*' for all clients",
        RefusalReason.ServerNameMissing =>
            "it asks for no name by TLS. With '*' among its 'Hosts', an entry of 'Tls:Certificates' is for such clients",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
