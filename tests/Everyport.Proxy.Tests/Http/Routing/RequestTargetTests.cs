using Everyport.Proxy.Http.Routing;

namespace Everyport.Proxy.Tests.Http.Routing;

public class RequestTargetTests
{
    [Theory]
    [InlineData("/a/b?c=/d", "/a/b", "?c=/d")]
    [InlineData("/a%2Fb?", "/a%2Fb", "?")]
    [InlineData("/", "/", "")]
    [InlineData("/a;b?c;d?e", "/a;b", "?c;d?e")]
    [InlineData("http://one.example.com/a%2Fb?c", "/a%2Fb", "?c")]
    [InlineData("HTTPS://one.example.com:8443", "", "")]
    [InlineData("http://one.example.com?c", "", "?c")]
    public void It_has_a_path_and_a_query(string raw, string path, string query)
    {
        Assert.True(RequestTarget.TryParse(raw, out var target));
        Assert.Equal((path, query), (target.Path.ToString(), target.Query.ToString()));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("one.example.com:443")]
    [InlineData("ftp://one.example.com/")]
    [InlineData("/a#b")]
    [InlineData("/a?b#c")]
    [InlineData("/a%20b#c")]
    [InlineData("http://one.example.com#a")]
    public void What_cannot_be_forwarded_is_no_target(string raw) => Assert.False(RequestTarget.TryParse(raw, out _));

    [Theory]
    [InlineData("/a%2fb", true)]
    [InlineData("/a%5Cb", true)]
    [InlineData("/a\\b", true)]
    [InlineData("/a;b", true)]
    [InlineData("//a", true)]
    [InlineData("/a/../b", true)]
    [InlineData("/a/%2e%2e/b", true)]
    [InlineData("/.well-known/x", true)]
    [InlineData("/a/b.c..d?x=//../;%2f\\", false)]
    [InlineData("/a%20b/%C3%A9?%2f", false)]
    public void Only_some_paths_are_read_in_several_ways(string raw, bool isAmbiguous)
    {
        Assert.True(RequestTarget.TryParse(raw, out var target));
        Assert.Equal(isAmbiguous, target.IsAmbiguous);
    }
}
