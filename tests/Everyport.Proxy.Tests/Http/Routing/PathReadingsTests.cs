using Everyport.Proxy.Http.Routing;

namespace Everyport.Proxy.Tests.Http.Routing;

/// <summary>What origins may make of a path.</summary>
public class PathReadingsTests
{
    [Theory]
    [InlineData("/public/..%2fadmin", "/admin")]
    [InlineData("/public/..%2Fadmin", "/public/..%2Fadmin")]
    [InlineData("/public/%2e%2e/admin", "/admin")]
    [InlineData("/public/.%2E/admin", "/public/../admin")]
    [InlineData("/public/..\\admin", "/admin")]
    [InlineData("/public/..%5cadmin", "/admin")]
    [InlineData("/public/..;x=1/admin", "/admin")]
    [InlineData("//admin", "/admin")]
    [InlineData("//admin", "//admin")]
    [InlineData("/public//../admin", "/public/admin")]
    [InlineData("/public//../admin", "/admin")]
    [InlineData("/a/../b%2f..%2fc", "/b/../c")]
    [InlineData("/%C3%A9/a%20b/.", "/é/a b/")]
    [InlineData("/../../admin", "/admin")]
    [InlineData("/a/...", "/a/...")]
    public void An_origin_may_read_it_as(string path, string reading) => Assert.Contains(reading, PathReadings.Of(path)!);

    [Theory]
    [InlineData("/a/b", 1)]
    [InlineData("/a%2Fb", 2)]
    [InlineData("/a//b", 2)]
    [InlineData("/a/;v=1", 2)]
    public void There_are_no_more_than_that(string path, int readings) => Assert.Equal(readings, PathReadings.Of(path)!.Count);

    [Fact]
    public void What_can_be_read_in_ever_so_many_ways_is_not_read_at_all() =>
        Assert.Null(PathReadings.Of("/a//..%2f..;/b%5c..//%2e%2e/c//..%2f;/..;//d\\..//..%2fe"));

    [Theory]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a%2Fb%5cc", "/a%2Fb\\c")]
    [InlineData("/a//b/%2e%2e/", "/a//")]
    [InlineData("/..", "/")]
    [InlineData("", "/")]
    public void Routes_are_asked_for_what_Kestrel_reads(string path, string reading) => Assert.Equal(reading, PathReadings.OfKestrel(path));
}
