namespace Everyport.Proxy.Admission;

/// <summary>What one source may use up. A source is a prefix: of IPv6, a client usually has a whole /64 to itself.</summary>
/// <param name="MaxConnections">Connections open at one time.</param>
/// <param name="ConnectionsPerSecond">New connections a second in the long run; 0 where they are not limited.</param>
/// <param name="Burst">New connections at once, after a pause; 1 at least.</param>
/// <param name="PrefixLengthIPv4">The bits of an IPv4 address that tell sources apart.</param>
/// <param name="PrefixLengthIPv6">The bits of an IPv6 address that tell sources apart.</param>
internal sealed record SourceLimitSettings(
    int MaxConnections,
    int ConnectionsPerSecond,
    int Burst,
    int PrefixLengthIPv4 = SourceLimitSettings.OneIPv4Address,
    int PrefixLengthIPv6 = SourceLimitSettings.OneIPv6Network)
{
    public const int OneIPv4Address = 32, OneIPv6Network = 64;
}
