namespace Everyport.Steering.Rules;

/// <summary>What a rule does with a lookup that it matches.</summary>
public enum TargetKind
{
    /// <summary>Leaves it to the kernel's normal lookup.</summary>
    Pass,

    /// <summary>Refuses it: TCP is answered with a reset, UDP with ICMP port unreachable.</summary>
    Drop,

    /// <summary>Gives it to a socket of a service, or refuses it where the service has none.</summary>
    Service,
}

/// <summary>The target of a rule.</summary>
public readonly record struct Target
{
    /// <summary>The name of the service that the proxy itself registers its sockets for.</summary>
    public const string ProxyService = "proxy";

    private Target(TargetKind kind, string? service) => (Kind, Service) = (kind, service);

    /// <summary>What is done.</summary>
    public TargetKind Kind { get; }

    /// <summary>The name of the service, where <see cref="Kind"/> is <see cref="TargetKind.Service"/>.</summary>
    public string? Service { get; }

    /// <summary>The normal lookup.</summary>
    public static Target Pass => new(TargetKind.Pass, null);

    /// <summary>Refused.</summary>
    public static Target Drop => new(TargetKind.Drop, null);

    /// <summary>The proxy.</summary>
    public static Target Proxy => ToService(ProxyService);

    /// <summary>The service of the given name.</summary>
    public static Target ToService(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Target(TargetKind.Service, name);
    }

    /// <summary>As in configuration: <c>Pass</c>, <c>Drop</c>, <c>Proxy</c> or <c>Service postfix</c>.</summary>
    public override string ToString() =>
        Kind != TargetKind.Service ? Kind.ToString() : Service == ProxyService ? "Proxy" : $"Service {Service}";
}
