using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>Ports</c>, <c>Addresses</c> and <c>Sources</c> of a <c>Match</c>, which streams and HTTP routes share.</summary>
internal static class DestinationMatchReader
{
    public static DestinationMatch Read(SectionReader match) =>
        new(match.Value("Ports", PortRanges.All, PortRanges.TryParse), match.Values<Prefix>("Addresses", Prefix.TryParse))
        {
            Sources = match.Values<Prefix>("Sources", Prefix.TryParse),
        };
}
