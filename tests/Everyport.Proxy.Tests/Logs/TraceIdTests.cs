using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>The header <c>traceparent</c> of W3C Trace Context.</summary>
public class TraceIdTests
{
    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("01-000000000000000000000000000000ab-b7ad6b7169203331-01-more", "000000000000000000000000000000ab")]
    public void It_is_read_from_the_header(string header, string id) => Assert.Equal(id, TraceId.FromHeader(header).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void What_is_no_such_header_has_none(string header) => Assert.True(TraceId.FromHeader(header).IsNone);
}
