using System.Net;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Makes the records of requests that Kestrel has answered by itself, as far as it has understood them: they never come to <see cref="RequestRecords"/>.</summary>
internal static class RefusedRequests
{
    public static void Tell(Records records, IFeatureCollection features, int status)
    {
        // Where the body is what is wrong, the request has been told of, or will be.
        if (!records.WantsRequests || features.Get<IHttpResponseBodyFeature>() is CountedResponse)
            return;
        var (connection, request) = (features.Get<IHttpConnectionFeature>(), features.Get<IHttpRequestFeature>());
        if (connection is not { RemoteIpAddress: { } client, LocalIpAddress: { } original } || request is null)
            return;
        records.Ended(new RequestRecord
        {
            Steered = new Steered(Endpoint.From(new IPEndPoint(client, connection.RemotePort)), Endpoint.From(new IPEndPoint(original, connection.LocalPort))),
            Protocol = request.Protocol ?? "",
            Method = request.Method ?? "",
            Host = request.Headers.Host is [{ } host, ..] ? host : "",
            Target = request.RawTarget ?? "",
            Status = status,
            ServerName = features.Get<TlsConnection>()?.Hello.ServerName,
            BytesIn = 0,
            BytesOut = 0,
            Duration = TimeSpan.Zero,
            Reason = status switch
            {
                StatusCodes.Status408RequestTimeout => HttpErrorReason.RequestTimeout,
                StatusCodes.Status413PayloadTooLarge => HttpErrorReason.BodyTooLarge,
                _ => HttpErrorReason.BadRequest,
            },
        });
    }
}
