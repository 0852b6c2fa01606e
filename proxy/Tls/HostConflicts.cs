namespace Everyport.Proxy.Tls;

/// <summary>Finds hosts that two certificates would be shown for.</summary>
internal static class HostConflicts
{
    /// <summary>Every such host; that of the default is <c>*</c>. A name inside another's wildcard is none, as it goes first.</summary>
    public static IEnumerable<(string Host, ServedCertificate First, ServedCertificate Second)> Find(IEnumerable<ServedCertificate> certificates)
    {
        var owners = new Dictionary<string, ServedCertificate>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            var names = certificate.Hosts.Names.Select(name => name.ToString()).Distinct();
            foreach (var host in certificate.Hosts.IsDefault ? names.Append("*") : names)
            {
                if (!owners.TryAdd(host, certificate))
                    yield return (host, owners[host], certificate);
            }
        }
    }
}
