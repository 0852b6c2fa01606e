using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Everyport.Proxy.Http.Errors;

/// <summary>Writes the answer for an error in the form that the client asks for.</summary>
internal static class HttpErrorWriter
{
    private const string Grpc = "application/grpc", RetryAfterSeconds = "1";

    public static async Task WriteAsync(HttpContext context, HttpErrorReason reason)
    {
        var answer = HttpErrorAnswers.Of(reason);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        if (answer.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable && headers.RetryAfter.Count == 0)
            headers.RetryAfter = RetryAfterSeconds;

        if (context.Request.ContentType is { } type && type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase))
            WriteGrpc(context, answer, reason);
        else
            await WriteAsync(context, answer);
    }

    private static async Task WriteAsync(HttpContext context, HttpErrorAnswer answer)
    {
        var response = context.Response;
        var (type, body) = ErrorForms.Choose(context.Request.Headers.Accept) switch
        {
            ErrorForm.Problem => ("application/problem+json", answer.Problem),
            ErrorForm.Html => ("text/html; charset=utf-8", answer.Html),
            _ => ("text/plain; charset=utf-8", answer.Text),
        };
        response.StatusCode = answer.Status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body);
    }

    /// <summary>"Trailers-only" (doc/PROTOCOL-HTTP2.md of gRPC): the status is among the headers, and nothing follows them.</summary>
    private static void WriteGrpc(HttpContext context, HttpErrorAnswer answer, HttpErrorReason reason)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = context.Request.ContentType;
        response.ContentLength = null;
        response.Headers[HeaderNames.GrpcStatus] = ((int)answer.GrpcStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers[HeaderNames.GrpcMessage] = $"{answer.Sentence} ({reason})";
    }
}
