using System.Globalization;

namespace Everyport.Proxy.Tls;

/// <summary>Says when the time of a certificate runs out, while there is time to do something about it.</summary>
internal static class CertificateExpiry
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30), Week = TimeSpan.FromDays(7), Day = TimeSpan.FromDays(1);

    public static CertificateAge AgeOf(LoadedCertificate certificate, DateTimeOffset now)
    {
        var left = certificate.NotAfter - now;
        return left <= TimeSpan.Zero ? CertificateAge.Expired
            : left <= Day ? CertificateAge.Day
            : left <= Week ? CertificateAge.Week
            : left <= Month ? CertificateAge.Month
            : CertificateAge.Fresh;
    }

    /// <summary>What there is to say of the times of a certificate, to follow its name; null where there is nothing.</summary>
    public static string? Warning(LoadedCertificate certificate, DateTimeOffset now) =>
        certificate.NotBefore > now ? $"is not valid before {Time(certificate.NotBefore)}: clients refuse it until then"
        : AgeOf(certificate, now) switch
        {
            CertificateAge.Expired => $"has expired on {Time(certificate.NotAfter)}: clients refuse it. Replace its files; a running proxy takes them up by itself",
            CertificateAge.Fresh => null,
            _ => $"expires on {Time(certificate.NotAfter)}. Replace its files before; a running proxy takes them up by itself",
        };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
