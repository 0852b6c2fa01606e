using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Tls;

/// <summary>
/// The names that a certificate is shown for; <paramref name="IsDefault"/> is <c>*</c>: clients that ask for no name, or for one that no
/// certificate has.
/// </summary>
internal sealed record HostSet(IReadOnlyList<ServerNamePattern> Names, bool IsDefault)
{
    public bool IsSame(HostSet other) => IsDefault == other.IsDefault && Names.SequenceEqual(other.Names);
}
