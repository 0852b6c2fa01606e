namespace Everyport.Proxy.Tls;

/// <summary>
/// Finds the certificate for a name: an exact one goes before a wildcard, a longer wildcard before a shorter one, and the
/// default comes last. A look-up costs one hash for each label of the name, however many certificates there are. Never
/// changes; another one replaces it.
/// </summary>
internal sealed class CertificateDirectory
{
    private readonly Dictionary<string, ServedCertificate>.AlternateLookup<ReadOnlySpan<char>> _exact, _below;
    private readonly ServedCertificate? _default;

    /// <summary>Takes certificates of which no two have the same host.</summary>
    public CertificateDirectory(IReadOnlyList<ServedCertificate> certificates)
    {
        All = certificates;
        _exact = ByName(certificates, isWildcard: false);
        _below = ByName(certificates, isWildcard: true);
        _default = certificates.FirstOrDefault(certificate => certificate.Hosts.IsDefault);
    }

    public static CertificateDirectory None { get; } = new([]);

    public IReadOnlyList<ServedCertificate> All { get; }

    public bool IsEmpty => All.Count == 0;

    /// <summary>The certificate for a name, in any case; empty for a client that asks for none. Null: there is none.</summary>
    public ServedCertificate? Find(ReadOnlySpan<char> name)
    {
        if (_exact.TryGetValue(name, out var certificate))
            return certificate;
        while (name.IndexOf('.') is > 0 and var dot)
        {
            if (_below.TryGetValue(name[dot..], out certificate))
                return certificate;
            name = name[(dot + 1)..];
        }
        return _default;
    }

    private static Dictionary<string, ServedCertificate>.AlternateLookup<ReadOnlySpan<char>> ByName(IEnumerable<ServedCertificate> certificates, bool isWildcard)
    {
        var byName = new Dictionary<string, ServedCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (var certificate in certificates)
        {
            foreach (var host in certificate.Hosts.Names.Where(host => host.IsWildcard == isWildcard))
                byName[host.Name] = certificate;
        }
        return byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
