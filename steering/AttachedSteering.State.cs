using Everyport.Steering.Counters;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering;

/// <summary>What steering tells of itself while it runs.</summary>
public sealed partial class AttachedSteering
{
    /// <summary>How often a ruleset was put in force.</summary>
    public long Publications { get; private set; }

    /// <summary>The counters of every service that a rule or a socket has named.</summary>
    public IReadOnlyDictionary<(string Service, Protocols Protocol), ServiceCounters> ReadServiceCounters()
    {
        lock (_gate)
        {
            var counters = new Dictionary<(string, Protocols), ServiceCounters>();
            NoticeOthers();
            if (_attachment is null)
                return counters;
            foreach (var (name, number) in _services.Numbers)
            {
                foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
                {
                    var index = number * 2 + (protocol == Protocols.Udp ? 1 : 0);
                    counters[(name, protocol)] = PerCpu.Read<ServiceCounters>(_attachment.Maps.Services, index).Aggregate(ServiceCounters.Add);
                }
            }
            return counters;
        }
    }

    /// <summary>How many sockets every service has for a protocol; a dual-stack socket is one.</summary>
    public IReadOnlyDictionary<(string Service, Protocols Protocol), int> ReadServiceSockets()
    {
        lock (_gate)
        {
            var sockets = new Dictionary<(string, Protocols), int>();
            NoticeOthers();
            if (_attachment is not { Slots: var slots })
                return sockets;
            foreach (var (name, number) in _services.Numbers)
            {
                foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
                {
                    var isUdp = protocol == Protocols.Udp;
                    sockets[(name, protocol)] = slots.Cookies(number, ipv6: false, isUdp).Union(slots.Cookies(number, ipv6: true, isUdp)).Count();
                }
            }
            return sockets;
        }
    }

    /// <summary>The counters of the namespace.</summary>
    public NamespaceCounters ReadNamespaceCounters()
    {
        lock (_gate)
            return _attachment is null ? default : PerCpu.Read<NamespaceCounters>(_attachment.Maps.Totals, 0).Aggregate(NamespaceCounters.Add);
    }

    /// <summary>How often each rule has decided a lookup; null where rules are not counted, or are more than <see cref="SteeringOptions.MostCountedRules"/>.</summary>
    public IReadOnlyDictionary<RuleName, ulong>? ReadRuleHits()
    {
        lock (_gate)
        {
            NoticeOthers();
            return CountedRules.ReadHits(_rules.Numbers, _attachment?.Maps.Rules);
        }
    }

    /// <summary>
    /// How many lookups of each port were steered, TCP and UDP together; 65,536 numbers, all zero where
    /// <see cref="SteeringOptions.CountPorts"/> is off.
    /// </summary>
    public ulong[] ReadPortCounters()
    {
        var counters = new ulong[ushort.MaxValue + 1];
        ReadPortCounters(counters);
        return counters;
    }

    /// <summary>The same, into 65,536 numbers of the caller's.</summary>
    public void ReadPortCounters(Span<ulong> counters)
    {
        counters.Clear();
        lock (_gate)
        {
            for (var page = 0; page < TableLayout.PortPages && _attachment is not null; page++)
                PerCpu.Sum(_attachment.Maps.Ports, page, counters.Slice(page * TableLayout.PortsPerPage, TableLayout.PortsPerPage));
        }
    }
}
