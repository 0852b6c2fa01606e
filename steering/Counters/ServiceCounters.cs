namespace Everyport.Steering.Counters;

/// <summary>What happened to the lookups that a rule gave to a service, since steering began. One protocol.</summary>
/// <param name="Steered">Given to a socket of the service: new TCP connections, or UDP datagrams.</param>
/// <param name="Refused">Refused because the service had no socket.</param>
/// <param name="Error">Refused because the kernel took none of its sockets, as one that no longer listens.</param>
public readonly record struct ServiceCounters(ulong Steered, ulong Refused, ulong Error)
{
    /// <summary>The sum of both.</summary>
    public static ServiceCounters operator +(ServiceCounters a, ServiceCounters b) =>
        new(a.Steered + b.Steered, a.Refused + b.Refused, a.Error + b.Error);

    /// <summary>The sum of both.</summary>
    public static ServiceCounters Add(ServiceCounters left, ServiceCounters right) => left + right;
}
