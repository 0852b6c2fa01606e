using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Builder;

namespace Everyport.Proxy.Tls;

/// <summary>
/// Refuses requests for a host that has another certificate than the connection on which they come (RFC 9110, section 15.5.20). What that
/// certificate asks of clients, a certificate of their own or a version of TLS, could be got round otherwise. So could a certificate that is
/// required by not speaking TLS at all, which every port allows.
/// </summary>
internal static class MisdirectedRequests
{
    public static void UseMisdirectedRequests(this IApplicationBuilder app, CertificateStore certificates) => app.Use((context, next) =>
    {
        var host = context.Request.Host.Host;
        if (context.Features.Get<TlsConnection>() is { } connection ? IsMisdirected(connection.Certificate, host, certificates.Current) : NeedsTls(host, certificates.Current))
        {
            HttpErrors.Refuse(context, HttpErrorReason.Misdirected);
            return Task.CompletedTask;
        }
        return next(context);
    });

    /// <summary>Whether the host has another certificate. None, as in HTTP/1.0, and one that has none are left to the routes.</summary>
    internal static bool IsMisdirected(ServedCertificate connection, ReadOnlySpan<char> host, CertificateDirectory certificates) =>
        !host.IsEmpty && Find(host, certificates) is { } other && !other.IsSameEntry(connection);

    /// <summary>Whether nobody may ask for the host without a certificate, and so without TLS.</summary>
    internal static bool NeedsTls(ReadOnlySpan<char> host, CertificateDirectory certificates) =>
        Find(host, certificates) is { Config.ClientCertificates: ClientCertificateMode.Require };

    private static ServedCertificate? Find(ReadOnlySpan<char> host, CertificateDirectory certificates) => certificates.Find(host is [.. var name, '.'] ? name : host);
}
