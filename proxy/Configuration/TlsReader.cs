using System.Security.Authentication;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Tls</c>, and loads the files that it names.</summary>
internal static class TlsReader
{
    private const string AllClients = "*";

    public static TlsSettings Read(SectionReader section)
    {
        var defaults = new TlsSettings();
        var entries = section.Entries("Certificates").ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
        ServedCertificate[] certificates = [.. entries.Values.Select(ReadCertificate).OfType<ServedCertificate>()];
        foreach (var (host, first, second) in HostConflicts.Find(certificates))
            entries[second.Name].Error("Hosts", $"has '{host}'{FromFile(second)}, which the certificate '{first.Name}' has too{FromFile(first)}; leave it to one of them");
        var settings = new TlsSettings
        {
            HandshakeTimeout = section.Duration("HandshakeTimeout", defaults.HandshakeTimeout),
            Certificates = certificates,
        };
        section.RejectUnknown();
        return settings;
    }

    private static string FromFile(ServedCertificate certificate) => certificate.Config.Hosts is null ? " (in its file)" : "";

    private static ServedCertificate? ReadCertificate(SectionReader section)
    {
        var path = section.RequiredText("Path", "the file of the certificate, such as 'tls/example.pem'");
        var config = new CertificateConfig(section.Name, path)
        {
            Hosts = ReadHosts(section),
            KeyPath = section.Text("KeyPath"),
            Password = section.Text("Password"),
            Protocols = section.Value("MinVersion", new CertificateConfig("", "").Protocols, ParseMinVersion),
            ClientCertificates = section.Value("ClientCertificates", ClientCertificateMode.Off, EnumNames.TryParse<ClientCertificateMode>),
            ClientRoots = section.Text("ClientRoots"),
        };
        if (config.ClientCertificates == ClientCertificateMode.Off && config.ClientRoots is not null)
            section.Error("ClientRoots", "has no meaning without ClientCertificates; set that to 'Request' or 'Require'");
        if (config.ClientCertificates != ClientCertificateMode.Off && config.ClientRoots is null)
            section.Error("ClientRoots", "is missing; expected a PEM file with the authorities that clients' certificates come from");
        section.RejectUnknown();
        return path.Length > 0 && CertificateLoader.Load(config, section.Error) is { } loaded ? new ServedCertificate(config, loaded) : null;
    }

    private static HostSet? ReadHosts(SectionReader section)
    {
        if (!section.Has("Hosts"))
            return null;
        if (section.List("Hosts").Count == 0)
            section.Error("Hosts", "is empty; expected names such as 'a.example.com' or '*.example.com', or '*' for all clients. Leave it out for the names in the certificate");
        var hosts = section.Values<ServerNamePattern?>("Hosts", ParseHost);
        return new HostSet([.. hosts.OfType<ServerNamePattern>()], hosts.Contains(null));
    }

    /// <summary>Null is <c>*</c>.</summary>
    private static bool ParseHost(string text, out ServerNamePattern? host, out string? error)
    {
        (host, error) = (null, null);
        if (text == AllClients)
            return true;
        if (Address.TryParse(text, out _))
            error = $"'{text}' is an address, for which clients send no name (RFC 6066); use '*' for clients without one";
        else if (ServerNamePattern.TryParse(text, out var pattern, out error))
            host = pattern;
        return error is null;
    }

    private static bool ParseMinVersion(string text, out SslProtocols protocols, out string? error)
    {
        (protocols, error) = text switch
        {
            "1.2" => (SslProtocols.Tls12 | SslProtocols.Tls13, null),
            "1.3" => (SslProtocols.Tls13, null),
            _ => (SslProtocols.None, $"'{text}' is not a version of TLS; expected '1.2' or '1.3'"),
        };
        return error is null;
    }
}
