using System.Net;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Tls;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Admin</c>, with the files that it names.</summary>
internal static class AdminReader
{
    private const string Certificate = "Certificate";

    public static AdminSettings Read(SectionReader section)
    {
        var settings = new AdminSettings(section.Value("Listen", AdminSettings.Default.Listen, EndpointParser.TryParse))
        {
            Token = ReadToken(section),
            Certificate = section.Has(Certificate) ? ReadCertificate(section.Section(Certificate)) : null,
            AllowAnonymous = section.Flag("AllowAnonymous", false),
            Hosts = section.Values<string>("Hosts", ParseHost),
        };
        // One that could not be read has been told of.
        if (!settings.IsLocal && settings is { Token: null, AllowAnonymous: false } && !section.Has("Token") && !section.Has("TokenPath"))
        {
            section.Error("Listen", $"'{settings.Listen}' is open to others than this machine, who would see everything and could stop the proxy. "
                + "Set 'Admin:Token' or 'Admin:TokenPath', or give an address of loopback such as '127.0.0.1:9464'. With \"AllowAnonymous\": true it is open as it is");
        }
        section.RejectUnknown();
        return settings;
    }

    /// <summary>What works, but lets others listen.</summary>
    public static IEnumerable<string> Warnings(AdminSettings settings)
    {
        if (settings is { IsLocal: false, Token: not null, Certificate: null })
            yield return $"Admin:Listen: '{settings.Listen}' is open to others than this machine, without TLS: who can listen on the way reads the token. Set 'Admin:Certificate'";
        if (settings is { IsLocal: false, Token: null })
            yield return $"Admin:Listen: '{settings.Listen}' is open to others than this machine, and asks nobody for a token";
    }

    private static AdminToken? ReadToken(SectionReader section)
    {
        var token = section.Value<AdminToken?>("Token", null, AdminToken.TryParse);
        if (!section.Has("TokenPath"))
            return token;
        if (section.Has("Token"))
            section.Error("TokenPath", "has no meaning beside 'Token'; leave out one of them");
        return section.Value<AdminToken?>("TokenPath", null, ReadTokenFile);
    }

    private static bool ReadTokenFile(string path, out AdminToken? token, out string? error)
    {
        token = null;
        try
        {
            if (AdminToken.TryParse(File.ReadAllText(path).Trim(), out token, out error))
                return true;
            error = $"what the file '{path}' holds {error}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"the file '{path}' cannot be read: {e.Message}";
        }
        return false;
    }

    private static ServedCertificate? ReadCertificate(SectionReader section)
    {
        var path = section.RequiredText("Path", "the file of the certificate, such as 'tls/admin.pem'");
        // It is shown to everybody, whatever they ask for.
        var config = new CertificateConfig(Certificate, path) { Hosts = new HostSet([], IsDefault: true), KeyPath = section.Text("KeyPath"), Password = section.Text("Password") };
        section.RejectUnknown();
        return path.Length > 0 && CertificateLoader.Load(config, section.Error) is { } loaded ? new ServedCertificate(config, loaded) : null;
    }

    private static bool ParseHost(string text, out string host, out string? error)
    {
        host = text;
        var good = Uri.CheckHostName(text) == UriHostNameType.Dns && !new HostString(text).Port.HasValue && !IPAddress.TryParse(text, out _);
        error = good ? null : $"'{text}' is not a name such as 'everyport.example.com'; addresses need no mention";
        return good;
    }
}
