using System.Security.Authentication;

namespace Everyport.Proxy.Tls;

/// <summary>An entry of <c>Tls:Certificates</c>, as it is written; its files are another matter (<see cref="LoadedCertificate"/>).</summary>
internal sealed record CertificateConfig(string Name, string Path)
{
    /// <summary>The names that it serves; null where those in the certificate count.</summary>
    public HostSet? Hosts { get; init; }

    /// <summary>The file with the key; null where that is beside the certificate.</summary>
    public string? KeyPath { get; init; }

    public string? Password { get; init; }

    /// <summary>The versions of TLS that clients may speak.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    public ClientCertificateMode ClientCertificates { get; init; }

    /// <summary>The file with the authorities that clients' certificates have to come from.</summary>
    public string? ClientRoots { get; init; }

    /// <summary>All files that it is made of.</summary>
    public IEnumerable<string> Files => ((string?[])[Path, KeyPath, ClientRoots]).OfType<string>();

    /// <summary>Leaves out the password.</summary>
    public override string ToString() => Name;
}
