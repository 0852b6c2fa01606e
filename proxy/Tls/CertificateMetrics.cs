using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;

namespace Everyport.Proxy.Tls;

/// <summary>Measures certificates by the names that the configuration gives them.</summary>
internal static class CertificateMetrics
{
    private static readonly Counter<long> Reloads = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_certificate_reloads", unit: null, "Changed files of certificates, by certificate and whether they were taken up.");

    private static volatile IReadOnlyList<ServedCertificate> s_certificates = [];

    static CertificateMetrics() => EveryportMeter.Shared.CreateObservableGauge(
        "everyport_certificate_expiry_timestamp_seconds", Expiries, unit: null, "When a certificate expires, in seconds since 1970.");

    /// <summary>From now on these are measured.</summary>
    public static void Show(CertificateDirectory directory) => s_certificates = directory.All;

    public static void Reloaded(CertificateConfig certificate, bool isGood) =>
        Reloads.Add(1, Label(certificate), new("result", isGood ? "loaded" : "rejected"));

    private static IEnumerable<Measurement<long>> Expiries() =>
        s_certificates.Select(certificate => new Measurement<long>(certificate.Loaded.NotAfter.ToUnixTimeSeconds(), Label(certificate.Config)));

    private static KeyValuePair<string, object?> Label(CertificateConfig certificate) => new("certificate", certificate.Name);
}
