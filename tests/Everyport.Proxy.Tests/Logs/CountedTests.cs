using System.Text;
using Everyport.Proxy.Logs.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>What is counted of requests and answers, in whatever way it is moved.</summary>
public class CountedTests
{
    [Fact]
    public async Task Every_way_to_write_an_answer_is_counted()
    {
        using var written = new MemoryStream();
        await using var counted = new CountedResponse(new StreamResponseBodyFeature(written));
        await counted.WriteAsync("one"u8.ToArray());
        await ((Stream)counted).WriteAsync("three"u8.ToArray());
        counted.Write("seven77"u8);
        await counted.Writer.WriteAsync("by a pipe"u8.ToArray());
        await counted.CompleteAsync();
        Assert.Equal("onethreeseven77by a pipe", Encoding.ASCII.GetString(written.ToArray()));
        Assert.Equal(written.Length, counted.Bytes);
    }

    [Fact]
    public async Task A_body_is_counted_as_it_is_read_and_without_one_there_is_nothing_to_count()
    {
        var context = new DefaultHttpContext();
        Assert.Null(CountedRequest.Observe(context.Features));
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Body());
        context.Request.Body = new MemoryStream("seventeen letters"u8.ToArray());
        var counted = CountedRequest.Observe(context.Features)!;
        Assert.Equal(9, await context.Request.Body.ReadAsync(new byte[9]));
        Assert.Equal(9, counted.Bytes);
        await context.Request.Body.CopyToAsync(Stream.Null);
        Assert.Equal(17, counted.Bytes);
    }

    [Fact]
    public async Task What_is_said_after_an_upgrade_is_counted_in_both_directions()
    {
        var context = new DefaultHttpContext();
        Assert.Null(CountedTunnel.Observe(context.Features));
        context.Features.Set<IHttpUpgradeFeature>(new Upgrade());
        var counted = CountedTunnel.Observe(context.Features)!;
        var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        Assert.Equal(3, await stream.ReadAsync(new byte[10]));
        await stream.WriteAsync("answer"u8.ToArray());
        Assert.Equal((3, 6), (counted.BytesIn, counted.BytesOut));
    }

    private sealed class Body : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }

    private sealed class Upgrade : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync()
        {
            var stream = new MemoryStream(16);
            stream.Write("ask"u8);
            stream.Position = 0;
            return Task.FromResult<Stream>(stream);
        }
    }
}
