using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Tls;

/// <summary>
/// The host names that a certificate vouches for (RFC 9525): those of its alternative names. The common name counts for
/// nothing any more.
/// </summary>
internal static class CertificateNames
{
    /// <summary>The names as patterns; what no client may ask for is left out.</summary>
    public static IReadOnlyList<ServerNamePattern> Of(X509Certificate2 certificate)
    {
        var names = new List<ServerNamePattern>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            foreach (var name in extension.EnumerateDnsNames())
            {
                if (ServerNamePattern.TryParse(name, out var pattern, out _))
                    names.Add(pattern);
            }
        }
        return [.. names.Distinct()];
    }

    /// <summary>
    /// Whether clients accept one of the names for a host. In a certificate an asterisk stands for one label; a wildcard
    /// host may still ask for more than that.
    /// </summary>
    public static bool Cover(IReadOnlyList<ServerNamePattern> names, ServerNamePattern host) => names.Any(name =>
        name == host || name.IsWildcard && !host.IsWildcard && name.Matches(host.Name) && host.Name.IndexOf('.', StringComparison.Ordinal) == host.Name.Length - name.Name.Length);
}
