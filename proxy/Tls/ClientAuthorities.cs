using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>
/// Says which certificates of clients are good: those that lead to one of the roots. What lies between is shown by the client, but not
/// when a session is resumed, as a ticket holds only the client's own certificate; so it is remembered.
/// </summary>
internal sealed class ClientAuthorities(X509Certificate2Collection roots)
{
    /// <summary>Only authorities that lead to a root come here; it bounds what one that issues many of them can take up.</summary>
    private const int MostRemembered = 100;

    private readonly ConcurrentDictionary<string, X509Certificate2> _between = [];

    public X509Certificate2Collection Roots => roots;

    /// <summary>
    /// How a chain is built, made anew each time, as the building writes into it. Nothing is fetched: a client could name any address in
    /// its certificate.
    /// </summary>
    public X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        foreach (var (_, certificate) in _between)
            policy.ExtraStore.Add(certificate);
        return policy;
    }

    /// <summary>Remembers what lies between a client and its root, of a chain that is good.</summary>
    public void Remember(X509Chain chain)
    {
        // The certificates of the chain are disposed of with it.
        foreach (var element in chain.ChainElements.Skip(1).SkipLast(1))
        {
            if (_between.Count < MostRemembered && !_between.ContainsKey(element.Certificate.Thumbprint))
                _between.TryAdd(element.Certificate.Thumbprint, X509CertificateLoader.LoadCertificate(element.Certificate.RawDataMemory.Span));
        }
    }
}
