namespace Everyport.Proxy.Tls;

/// <summary>An entry of <c>Tls:Certificates</c> with what its files hold. It never changes; another one replaces it.</summary>
internal sealed record ServedCertificate(CertificateConfig Config, LoadedCertificate Loaded)
{
    public string Name => Config.Name;

    /// <summary>The names that it is shown for.</summary>
    public HostSet Hosts => Config.Hosts ?? Loaded.Names;

    /// <summary>Whether this is the same entry of the configuration, whatever its files held at the time.</summary>
    public bool IsSameEntry(ServedCertificate other) => Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether neither the entry nor what its files hold differs.</summary>
    public bool SaysTheSame(ServedCertificate other) =>
        Loaded.Digest == other.Loaded.Digest && Config with { Hosts = null } == other.Config with { Hosts = null } && Hosts.IsSame(other.Hosts);

    public override string ToString() => Name;
}
