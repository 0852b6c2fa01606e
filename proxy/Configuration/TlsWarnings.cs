using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Configuration;

/// <summary>Tells of certificates that work, but not for all who will come: sooner or later, or under some names, clients refuse them.</summary>
internal static class TlsWarnings
{
    public static IEnumerable<string> Of(TlsSettings settings, DateTimeOffset now)
    {
        foreach (var certificate in settings.Certificates)
        {
            var path = $"Tls:Certificates:{certificate.Name}";
            if (CertificateExpiry.Warning(certificate.Loaded, now) is { } expiry)
                yield return $"{path}: the certificate '{certificate.Loaded.Leaf.Subject}' {expiry}";
            var names = certificate.Loaded.Names.Names;
            foreach (var host in certificate.Hosts.Names.Where(host => !CertificateNames.Cover(names, host)))
                yield return $"{path}:Hosts: '{host}' is not among the names of the certificate ({Listed(names.Select(name => name.ToString()))}), so that clients refuse it";
        }
    }

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "it has none";
}
