using System.Globalization;
using System.Text.Json;
using Everyport.Proxy.Http.Errors;

namespace Everyport.Proxy.Tests.Http.Errors;

/// <summary>What is written to a client for each reason, in each form.</summary>
public class HttpErrorWriterTests
{
    public static TheoryData<string> Reasons => [.. Enum.GetNames<HttpErrorReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_program_gets_a_problem_with_the_reason(string reason)
    {
        var context = ErrorContexts.New(accept: "application/json");
        await HttpErrorWriter.WriteAsync(context, Enum.Parse<HttpErrorReason>(reason));
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        using var problem = JsonDocument.Parse(ErrorContexts.BodyOf(context));
        Assert.Equal("about:blank", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(context.Response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.RootElement.GetProperty("title").GetString()));
        Assert.Equal(reason, problem.RootElement.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("NoRoute", 404, "404 Not Found: Nothing is served here. (NoRoute)\n")]
    [InlineData("ConnectFailed", 502, "502 Bad Gateway: The server for this cannot be reached. (ConnectFailed)\n")]
    [InlineData("Misdirected", 421, "421 Misdirected Request: This connection is not for the host that the request names. (Misdirected)\n")]
    public async Task Who_does_not_ask_gets_a_line_of_text(string reason, int status, string body)
    {
        var context = ErrorContexts.New();
        await HttpErrorWriter.WriteAsync(context, Enum.Parse<HttpErrorReason>(reason));
        Assert.Equal((status, "text/plain; charset=utf-8", body), (context.Response.StatusCode, context.Response.ContentType, ErrorContexts.BodyOf(context)));
        Assert.Equal(body.Length, context.Response.ContentLength);
    }

    [Fact]
    public async Task A_browser_gets_a_page_that_loads_nothing()
    {
        var context = ErrorContexts.New(accept: "text/html,*/*;q=0.8");
        await HttpErrorWriter.WriteAsync(context, HttpErrorReason.NoDestination);
        var body = ErrorContexts.BodyOf(context);
        Assert.Contains("<h1>503 Service Unavailable</h1>", body, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", body, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", body, StringComparison.Ordinal);
        Assert.Equal("1", context.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_the_body()
    {
        var (head, get) = (ErrorContexts.New("HEAD"), ErrorContexts.New());
        await HttpErrorWriter.WriteAsync(head, HttpErrorReason.NoRoute);
        await HttpErrorWriter.WriteAsync(get, HttpErrorReason.NoRoute);
        Assert.Equal("", ErrorContexts.BodyOf(head));
        Assert.Equal(get.Response.ContentLength, head.Response.ContentLength);
    }

    [Theory]
    [InlineData("NoRoute", 12)]
    [InlineData("NoDestination", 14)]
    [InlineData("UpstreamTimeout", 4)]
    [InlineData("RateLimited", 8)]
    public async Task A_call_of_gRPC_gets_a_status_among_the_headers_and_no_body(string reason, int status)
    {
        var context = ErrorContexts.New("POST", contentType: "application/grpc+proto");
        await HttpErrorWriter.WriteAsync(context, Enum.Parse<HttpErrorReason>(reason));
        Assert.Equal((200, "application/grpc+proto", ""), (context.Response.StatusCode, context.Response.ContentType, ErrorContexts.BodyOf(context)));
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), context.Response.Headers["grpc-status"]);
        Assert.Contains(reason, context.Response.Headers["grpc-message"].ToString(), StringComparison.Ordinal);
    }
}
