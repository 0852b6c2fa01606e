using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>What is wrong with the certificate of a destination, in words for whoever has to put it right.</summary>
internal sealed record ServerCertificateProblem(UpstreamTlsFailure Failure, string Message)
{
    private const X509ChainStatusFlags Time = X509ChainStatusFlags.NotTimeValid;
    private const X509ChainStatusFlags Trust = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
    private const int MostNames = 5;

    /// <summary>The first of what has been found, in the order in which one would put it right; null where all is well.</summary>
    public static ServerCertificateProblem? Find(string expected, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (certificate is null)
            return new(UpstreamTlsFailure.BadCertificate, "it has shown no certificate");
        return (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? OfChain(certificate, chain, now) : null)
            ?? (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? OfName(expected, certificate) : null)
            ?? new(UpstreamTlsFailure.BadCertificate, "its certificate cannot be verified");
    }

    private static ServerCertificateProblem? OfChain(X509Certificate2 certificate, X509Chain? chain, DateTimeOffset now)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? default;
        if (status.HasFlag(Time) && chain!.ChainElements.FirstOrDefault(IsOutOfTime)?.Certificate is { } late)
            return OfTime(late, late.Thumbprint == certificate.Thumbprint ? "its certificate" : $"the certificate '{late.Subject}' that signs its own", now);
        if ((status & Trust) != 0)
            return OfTrust(certificate, chain!.ChainElements[^1].Certificate);
        return status == default ? null
            : new(UpstreamTlsFailure.BadCertificate, $"its certificate cannot be used: {string.Join("; ", chain!.ChainStatus.Select(one => one.StatusInformation.TrimEnd('.', ' ')))}");
    }

    private static bool IsOutOfTime(X509ChainElement element) => element.ChainElementStatus.Any(status => status.Status.HasFlag(Time));

    private static ServerCertificateProblem OfTime(X509Certificate2 certificate, string what, DateTimeOffset now) => certificate.NotBefore.ToUniversalTime() > now.UtcDateTime
        ? new(UpstreamTlsFailure.NotYetValid, $"{what} is not valid before {Text(certificate.NotBefore)}; look at the clocks of both machines")
        : new(UpstreamTlsFailure.Expired, $"{what} has expired on {Text(certificate.NotAfter)}; it has to be renewed there");

    private static ServerCertificateProblem OfTrust(X509Certificate2 certificate, X509Certificate2 last) => new(
        UpstreamTlsFailure.UnknownAuthority,
        certificate.Subject == certificate.Issuer
            ? "its certificate is signed by itself, and is not trusted; where it is the right one, name a file that holds it in Tls:Roots"
            : $"its certificate is signed by '{last.Issuer}', which is not trusted; name a file with the certificate of that authority in Tls:Roots, and see that the destination sends the certificates between");

    private static ServerCertificateProblem OfName(string expected, X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .Take(MostNames + 1)
            .Select(name => $"'{name}'")
            .ToArray();
        var known = names.Length == 0 ? "for no name" : $"for {string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? ", ..." : "")}";
        return new(UpstreamTlsFailure.NameMismatch, $"its certificate is {known}, and not for '{expected}'; say in Tls:ServerName by which name the destination is to be known");
    }

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
