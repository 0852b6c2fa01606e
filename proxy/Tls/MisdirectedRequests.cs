using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Builder;

namespace Everyport.Proxy.Tls;

/// <summary>
/// Refuses requests for a host that has another certificate than the connection on which they come (RFC 9110, section 15.5.20). What that
/// certificate asks of clients, a certificate of their own or a version of TLS, could be got round otherwise; what comes
/// without TLS could choose any host anyway.
/// </summary>
internal static class MisdirectedRequests
{
    public static void UseMisdirectedRequests(this IApplicationBuilder app, CertificateStore certificates) => app.Use((context, next) =>
    {
        if (context.Features.Get<TlsConnection>() is { } connection && IsMisdirected(connection.Certificate, context.Request.Host.Host, certificates.Current))
        {
            HttpErrors.Refuse(context, HttpErrorReason.Misdirected);
            return Task.CompletedTask;
        }
        return next(context);
    });

    /// <summary>Whether the host has another certificate. None, as in HTTP/1.0, and one that has none are left to the routes.</summary>
    internal static bool IsMisdirected(ServedCertificate connection, ReadOnlySpan<char> host, CertificateDirectory certificates) =>
        !host.IsEmpty && certificates.Find(host is [.. var name, '.'] ? name : host) is { } other && !other.IsSameEntry(connection);
}
