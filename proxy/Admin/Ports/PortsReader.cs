using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admin.Ports;

/// <summary>Reads what becomes of each port. Where ports lead is made once for rules and a configuration.</summary>
internal sealed class PortsReader(SteeringState steering, Func<ProxyConfiguration> inForce)
{
    private volatile Made _made = new(Ruleset.Empty, null, []);

    public PortsStatus Read()
    {
        var (ruleset, configuration) = (steering.Ruleset, inForce());
        var made = _made.Ruleset == ruleset && ReferenceEquals(_made.Configuration, configuration)
            ? _made
            : _made = new Made(ruleset, configuration, PortRangesMap.Of(ruleset, configuration));
        return new PortsStatus(configuration.Steering.PortCounters, Counted(), made.Ranges);
    }

    private List<ulong> Counted()
    {
        var counted = new List<ulong>();
        var counters = steering.ReadPorts();
        for (var port = 0; port < counters.Length; port++)
        {
            if (counters[port] > 0)
                counted.AddRange([(ulong)port, counters[port]]);
        }
        return counted;
    }

    private sealed record Made(Ruleset Ruleset, ProxyConfiguration? Configuration, IReadOnlyList<PortRangeStatus> Ranges);
}
