using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Everyport.Proxy.Http.Errors;

/// <summary>
/// What a client is told, in three forms, made once: nothing in it depends on the request, so that nothing of a client
/// and nothing of the inside can get into it.
/// </summary>
internal sealed class HttpErrorAnswer
{
    public HttpErrorAnswer(HttpErrorReason reason, int status, GrpcStatus grpcStatus, string sentence)
    {
        (Status, GrpcStatus, Sentence) = (status, grpcStatus, sentence);
        var (name, phrase) = (reason.ToString(), ReasonPhrases.GetReasonPhrase(status));
        Text = Encoding.UTF8.GetBytes($"{status} {phrase}: {sentence} ({name})\n");
        Problem = ToProblem(name, phrase);
        Html = ToHtml(name, phrase);
    }

    public int Status { get; }

    public GrpcStatus GrpcStatus { get; }

    public string Sentence { get; }

    /// <summary>One line of text.</summary>
    public byte[] Text { get; }

    /// <summary>A problem in JSON (RFC 9457), with the reason beside its members.</summary>
    public byte[] Problem { get; }

    /// <summary>A page without anything to load.</summary>
    public byte[] Html { get; }

    private byte[] ToProblem(string name, string phrase)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", phrase);
            json.WriteNumber("status", Status);
            json.WriteString("detail", Sentence);
            json.WriteString("reason", name);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private byte[] ToHtml(string name, string phrase) => Encoding.UTF8.GetBytes(
        $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{Status}} {{WebUtility.HtmlEncode(phrase)}}</title>
        <style>body { font: 1.1em/1.5 sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em } small { color: #767676 }</style>
        </head>
        <body>
        <h1>{{Status}} {{WebUtility.HtmlEncode(phrase)}}</h1>
        <p>{{WebUtility.HtmlEncode(Sentence)}}</p>
        <p><small>{{WebUtility.HtmlEncode(name)}}</small></p>
        </body>
        </html>

        """);
}
