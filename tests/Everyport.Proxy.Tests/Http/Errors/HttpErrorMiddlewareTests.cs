using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Tests.Flows;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Tests.Http.Errors;

/// <summary>What becomes of a request whose pipeline refuses it, fails, or answers by itself.</summary>
public class HttpErrorMiddlewareTests
{
    private readonly LogLines<HttpErrorCount> _log = new();
    private readonly HttpErrorCount _count;

    public HttpErrorMiddlewareTests() => _count = new(new Clock(), _log);

    [Fact]
    public async Task What_a_step_refuses_is_answered_counted_and_told()
    {
        var context = await RunAsync(context =>
        {
            HttpErrors.Refuse(context, HttpErrorReason.Misdirected, "it was made for 'a.test'");
            return Task.CompletedTask;
        });
        Assert.Equal(421, context.Response.StatusCode);
        Assert.Equal(1, _count.Total(HttpErrorReason.Misdirected));
        Assert.Equal(
            "Warning: A request from 192.0.2.2:40000 to 198.51.100.7:80 has failed (Misdirected, 1 so far): "
            + "the connection is for another host (it was made for 'a.test'). The client has to open one for the host that it asks for",
            Assert.Single(_log.All));
    }

    [Fact]
    public async Task A_fault_of_the_proxy_tells_the_client_nothing_of_itself()
    {
        var context = await RunAsync(context =>
        {
            context.Response.Headers["X-Half-Done"] = "yes";
            throw new InvalidOperationException("secret");
        });
        Assert.Equal((500, "500 Internal Server Error: The proxy has failed. (InternalError)\n"), (context.Response.StatusCode, ErrorContexts.BodyOf(context)));
        Assert.False(context.Response.Headers.ContainsKey("X-Half-Done"));
    }

    [Theory]
    [InlineData(413, "BodyTooLarge")]
    [InlineData(408, "RequestTimeout")]
    [InlineData(400, "BadRequest")]
    public async Task What_the_server_finds_wrong_with_a_request_while_it_is_read_is_told(int status, string reason)
    {
        var context = await RunAsync(_ => throw new BadHttpRequestException("wrong", status));
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(1, _count.Total(Enum.Parse<HttpErrorReason>(reason)));
    }

    [Fact]
    public async Task The_same_failure_is_counted_each_time_and_told_once_a_second()
    {
        for (var i = 0; i < 3; i++)
            await RunAsync(context =>
            {
                HttpErrors.Refuse(context, HttpErrorReason.RateLimited);
                return Task.CompletedTask;
            });
        Assert.Equal(3, _count.Total(HttpErrorReason.RateLimited));
        Assert.Single(_log.All);
    }

    [Fact]
    public async Task An_answer_that_is_no_error_passes()
    {
        var context = await RunAsync(context => context.Response.WriteAsync("fine"));
        Assert.Equal("fine", ErrorContexts.BodyOf(context));
        Assert.Empty(_log.All);
    }

    private async Task<HttpContext> RunAsync(RequestDelegate next)
    {
        var context = ErrorContexts.New();
        await new HttpErrorMiddleware(next, _count, new LogLines<HttpErrorMiddleware>()).InvokeAsync(context);
        return context;
    }
}
