using Everyport.Proxy.Routing;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// An entry of the section <c>ProxyProtocol</c>: for which destinations headers are expected, in <paramref name="Match"/>;
/// from whom, in its <c>Sources</c>; and what happens to everybody else.
/// </summary>
internal sealed record InboundEntry(string Name, DestinationMatch Match, Expectation Others);
