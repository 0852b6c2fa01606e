namespace Everyport.Proxy.Flows;

/// <summary>What the log says about a dropped datagram: what it ran into, and what to change.</summary>
internal static class DropExplanation
{
    /// <summary>The sentence for a reason.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="detail">The name of the stream, or the error.</param>
    public static string Of(DropReason reason, string? detail) => reason switch
    {
        DropReason.NoRoute => "no stream takes it",
        DropReason.Loop =>
            "it comes from this proxy: the rules steer the address of one of its destinations back to it. "
            + "Add a rule with \"Action\": \"Pass\" for that address and port, or give the destination another address",
        DropReason.FalseSource =>
            "it is an answer of this proxy. Somebody has sent with a source address that the rules steer, where nobody can be",
        DropReason.Overload =>
            "more arrives than can be served, and flows that are open go first. If this is no attack, let SingleExchange streams answer more of it, or add processors",
        DropReason.HelloEvicted =>
            "the rest of its QUIC hello has not come, and many others have begun since. If this is no attack, add processors, or name ports or addresses where SNI is not needed",
        DropReason.TotalFlows => "as many flows are open as 'Limits:MaxFlows' allows. Raise it where descriptors and memory suffice",
        DropReason.SourceFlows =>
            "its source has as many flows as 'Limits:MaxFlowsPerSource' allows. Raise it where many clients share one address, or set 'SingleExchange' for protocols of one question and one answer",
        DropReason.SourceRate =>
            "its source opens flows faster than 'Limits:NewFlowsPerSecondPerSource' allows. Raise it where many clients share one address, or set it to 'off'",
        DropReason.RouteFlows => $"as many flows are open as 'Streams:{detail}:MaxFlows' allows. Raise it where the destinations can take more",
        DropReason.NoDestination => $"no destination of the stream '{detail}' is healthy, or its name is not resolved",
        DropReason.CannotOpen => $"no socket can be opened to a destination: {detail}",
        DropReason.CannotAnswer =>
            $"its answer cannot be sent from there: {detail}. For ports below 1024 the proxy needs CAP_NET_BIND_SERVICE, and for addresses that are not local CAP_NET_ADMIN",
        DropReason.ReplyBudget =>
            $"it is an answer beyond what 'Streams:{detail}:ReplyBudget' allows to a client that has not sent again yet, and whose address may be false. "
            + "Raise it, or set it to 'off', where the protocol has such answers and the destinations cannot be used to flood others",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
