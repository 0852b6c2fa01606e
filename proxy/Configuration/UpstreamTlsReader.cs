using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the key <c>Tls</c> of a cluster, and tries whether its files can be used.</summary>
internal static class UpstreamTlsReader
{
    /// <summary>Null where the cluster has none. <paramref name="encrypts"/> tells whether any destination is reached by TLS.</summary>
    public static UpstreamTlsSettings? Read(SectionReader cluster, bool encrypts)
    {
        if (!cluster.Has("Tls"))
            return null;
        var section = cluster.Section("Tls");
        var settings = new UpstreamTlsSettings
        {
            Roots = Path(section, "Roots"),
            CertificatePath = Path(section, "CertificatePath"),
            KeyPath = Path(section, "KeyPath"),
            Password = section.Text("Password"),
            ServerName = section.Value<string?>("ServerName", null, ParseServerName),
        };
        section.RejectUnknown();
        if (!encrypts)
            cluster.Error("Tls", "has no meaning, as no destination of the cluster is 'https' or 'tls'; remove it, or change the addresses");
        if (settings.CertificatePath is null)
        {
            foreach (var key in (string[])["KeyPath", "Password"])
                section.RejectPresent(key, "has no meaning without CertificatePath");
        }
        TryFiles(settings, section);
        return settings;
    }

    private static string? Path(SectionReader section, string key) => section.Value<string?>(key, null, (string text, out string? path, out string? error) =>
    {
        path = text;
        error = text.Length == 0 ? "'' is not the name of a file" : null;
        return error is null;
    });

    private static void TryFiles(UpstreamTlsSettings settings, SectionReader section)
    {
        var errors = new List<CredentialError>();
        if (CredentialFiles.Read(settings, errors) is { } files)
            UpstreamCredentials.Load(settings, files, errors);
        foreach (var error in errors)
            section.Error(error.Key, error.Message);
    }

    private static bool ParseServerName(string text, out string? name, out string? error)
    {
        name = text;
        error = text == UpstreamTlsSettings.ClientsName || Uri.CheckHostName(text) != UriHostNameType.Unknown ? null
            : $"'{text}' is not the name of a host, nor '{UpstreamTlsSettings.ClientsName}' for the one that the client asks for";
        return error is null;
    }
}
