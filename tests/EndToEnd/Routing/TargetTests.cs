namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>What an origin gets of the request target.</summary>
public sealed class TargetTests(RoutingScene scene) : IClassFixture<RoutingScene>
{
    [KernelTheory]
    [InlineData("/a%2Fb/%7Euser/../c//d?q=%20&r=+")]
    [InlineData("/%2e%2E/a/./b/")]
    [InlineData("/a;b=c;d/e?f;g")]
    [InlineData("/a\\b|c\"<>^`{}")]
    [InlineData("/%C3%A9/%ff?%C3%A9=%FF")]
    [InlineData("/a?")]
    [InlineData("//a//")]
    [InlineData("/a?b=http://one.example.com/c%23")]
    public void It_arrives_byte_for_byte(string target) => Assert.Equal(target, scene.TargetSeen(target));

    [KernelTheory]
    [InlineData("http://one.example.com/a%2Fb?c=%20", "/a%2Fb?c=%20")]
    [InlineData("http://one.example.com/a/../b", "/a/../b")]
    [InlineData("http://one.example.com:8003/a", "/a")]
    [InlineData("http://one.example.com", "/")]
    [InlineData("http://one.example.com?a", "/?a")]
    public void Of_one_in_absolute_form_the_path_and_the_query_do(string target, string seen) => Assert.Equal(seen, scene.TargetSeen(target));

    [KernelFact]
    public void The_host_of_a_target_in_absolute_form_counts()
    {
        var answer = scene.Exchange("GET http://two.example.com/ HTTP/1.1\r\nHost: one.example.com\r\nConnection: close\r\n\r\n");
        Assert.Contains("X-Forwarded-Host: two.example.com\r\n", answer, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("GET /a#b HTTP/1.1")]
    [InlineData("GET /a?b#c HTTP/1.1")]
    [InlineData("GET ftp://one.example.com/ HTTP/1.1")]
    [InlineData("GET /é HTTP/1.1")]
    public void What_is_no_target_is_refused(string line) =>
        Assert.StartsWith("HTTP/1.1 400 ", scene.Exchange($"{line}\r\nHost: one.example.com\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [KernelFact]
    public void Nobody_gets_a_tunnel() =>
        Assert.StartsWith("HTTP/1.1 405 ", scene.Exchange("CONNECT one.example.com:443 HTTP/1.1\r\nHost: one.example.com:443\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [KernelFact]
    public void The_proxy_itself_answers_what_is_asked_of_all_of_it() =>
        Assert.StartsWith("HTTP/1.1 200 ", scene.Exchange("OPTIONS * HTTP/1.1\r\nHost: one.example.com\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData(RoutingScene.Cut, "/cut/a%2Fb/../c?d=%20", "/a%2Fb/../c?d=%20")]
    [InlineData(RoutingScene.Cut, "/cut/a?", "/a?")]
    [InlineData(RoutingScene.Put, "/a%2Fb//c?d=%20", "/put/a%2Fb//c?d=%20")]
    [InlineData(RoutingScene.QuerySet, "/a%2Fb?c=d", "/a%2Fb?c=d&more=1")]
    [InlineData(RoutingScene.Behind, "/a%2Fb/../c?", "/base%2Fx/../y/a%2Fb/../c?")]
    public void A_transform_changes_nothing_but_what_it_is_for(int port, string target, string seen) => Assert.Equal(seen, scene.TargetSeen(target, port));
}
