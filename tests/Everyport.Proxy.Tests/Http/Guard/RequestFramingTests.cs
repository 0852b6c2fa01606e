using Everyport.Proxy.Http.Guard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Tests.Http.Guard;

/// <summary>Which requests can be read in two ways, of those that Kestrel takes.</summary>
public class RequestFramingTests
{
    [Theory]
    [InlineData("HTTP/1.1", "chunked", false)]
    [InlineData("HTTP/1.1", "Chunked", false)]
    [InlineData("HTTP/1.0", "chunked", true)]
    [InlineData("HTTP/1.1", "gzip, chunked", true)]
    [InlineData("HTTP/1.1", "chunked,", true)]
    [InlineData("HTTP/2", "chunked", true)]
    [InlineData("HTTP/2", "trailers", true)]
    public void A_transfer_coding_is_chunked_alone_and_of_HTTP_1_1(string protocol, string coding, bool ambiguous) =>
        Assert.Equal(ambiguous, IsAmbiguous(protocol, "/", ("Transfer-Encoding", coding)));

    [Fact]
    public void There_is_one_transfer_coding() =>
        Assert.True(IsAmbiguous("HTTP/1.1", "/", ("Transfer-Encoding", new StringValues(["chunked", "chunked"]))));

    [Fact]
    public void A_length_that_Kestrel_has_ignored_makes_a_chunked_request_ambiguous_and_no_other()
    {
        Assert.True(IsAmbiguous("HTTP/1.1", "/", ("Transfer-Encoding", "chunked"), ("X-Content-Length", "5")));
        Assert.False(IsAmbiguous("HTTP/1.1", "/", ("Content-Length", "5"), ("X-Content-Length", "5")));
    }

    [Fact]
    public void A_host_is_not_empty()
    {
        Assert.True(IsAmbiguous("HTTP/1.1", "/", ("Host", "")));
        Assert.False(IsAmbiguous("HTTP/1.1", "/", ("Host", "a")));
        Assert.False(IsAmbiguous("HTTP/1.0", "/"));
    }

    [Theory]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Connection")]
    [InlineData("Upgrade")]
    public void Headers_of_a_connection_belong_to_HTTP_1(string name)
    {
        Assert.True(IsAmbiguous("HTTP/2", "/", (name, "x")));
        Assert.False(IsAmbiguous("HTTP/1.1", "/", (name, "x")));
    }

    [Theory]
    [InlineData("/", false)]
    [InlineData("*", false)]
    [InlineData("/a%20b?c={d}|[e]\"'", false)]
    [InlineData("http://a/b", false)]
    [InlineData("/a b", true)]
    [InlineData("/ HTTP/1.1\r\nX: y", true)]
    [InlineData("/\t", true)]
    [InlineData("/\x7f", true)]
    [InlineData("/\u00e9", true)]
    public void A_target_has_neither_spaces_nor_control_characters_nor_what_is_not_ASCII(string target, bool ambiguous)
    {
        Assert.Equal(ambiguous, IsAmbiguous("HTTP/2", target));
        Assert.Equal(ambiguous, IsAmbiguous("HTTP/1.1", target));
    }

    private static bool IsAmbiguous(string protocol, string target, params (string Name, StringValues Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
            dictionary[name] = value;
        return RequestFraming.IsAmbiguous(protocol, target, dictionary);
    }
}
