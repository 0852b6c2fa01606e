using Everyport.Proxy.Http.Guard;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Http.Guard;

/// <summary>Whose bodies may pause.</summary>
public class RequestGuardTests
{
    [Theory]
    [InlineData("HTTP/1.1", "text/plain", null, false, false)]
    [InlineData("HTTP/1.1", "text/plain", "websocket", true, true)]
    [InlineData("HTTP/1.1", "text/plain", "websocket", false, false)]
    [InlineData("HTTP/1.1", "application/grpc", null, false, false)]
    [InlineData("HTTP/2", "application/grpc+proto", null, false, true)]
    public async Task Only_a_conversation_may_and_not_what_is_merely_called_one(string protocol, string type, string? upgrade, bool isUpgradable, bool mayPause)
    {
        var rate = new Rate();
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Protocol, context.Request.ContentType) = ("POST", protocol, type);
        context.Request.Headers.Upgrade = upgrade;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/";
        context.Features.Set<IHttpMinRequestBodyDataRateFeature>(rate);
        context.Features.Set<IHttpUpgradeFeature>(new Upgrade(isUpgradable));
        await new RequestGuard(_ => Task.CompletedTask, new HttpLimits(), new HttpLimitHits(TimeProvider.System, NullLogger<HttpLimitHits>.Instance)).InvokeAsync(context);
        Assert.Equal(mayPause, rate.MinDataRate is null);
    }

    private sealed class Rate : IHttpMinRequestBodyDataRateFeature
    {
        public MinDataRate? MinDataRate { get; set; } = new(240, TimeSpan.FromSeconds(10));
    }

    private sealed class Upgrade(bool isUpgradable) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => isUpgradable;

        public Task<Stream> UpgradeAsync() => throw new NotSupportedException();
    }
}
