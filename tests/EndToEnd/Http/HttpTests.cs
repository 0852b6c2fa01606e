using System.Globalization;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Http;

/// <summary>HTTP from curl, through the proxy, to the demo origin and to nginx.</summary>
public sealed class HttpTests(HttpScene scene) : IClassFixture<HttpScene>
{
    [KernelTheory]
    [InlineData("198.51.100.7:31337")]
    [InlineData("198.51.100.255:1")]
    [InlineData("198.51.100.0:65535")]
    [InlineData("[2001:db8:7:1::5]:443")]
    public void HTTP_1_reaches_the_origin_with_the_original_destination(string destination)
    {
        var (body, version) = Curl("--http1.1", $"http://{destination}/a?b=c");
        var answer = DemoAnswer.Parse(body);
        Assert.Equal("1.1", version);
        Assert.Equal(destination, answer.OriginalDestination);
        Assert.Equal("GET /a?b=c", answer.Request);
        Assert.Equal("anything", answer.Route);
    }

    [KernelTheory]
    [InlineData("198.51.100.7:31337")]
    [InlineData("[2001:db8:7:1::5]:50051")]
    public void HTTP_2_with_prior_knowledge_reaches_the_origin(string destination)
    {
        var (body, version) = Curl("--http2-prior-knowledge", $"http://{destination}/");
        Assert.Equal("2", version);
        Assert.Equal(destination, DemoAnswer.Parse(body).OriginalDestination);
    }

    [KernelTheory]
    [InlineData(8080)]
    [InlineData(8081)]
    [InlineData(8082)]
    public void The_port_in_a_destination_is_the_one_that_the_client_dialled(int port)
    {
        var (body, _) = Curl($"http://198.51.100.7:{port}/");
        Assert.StartsWith($"port={port} ", body, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("198.51.100.63:80", "anything")]
    [InlineData("198.51.100.64:80", "by-address")]
    [InlineData("198.51.100.79:9999", "by-address")]
    [InlineData("198.51.100.80:80", "anything")]
    [InlineData("[2001:db8:7:64::1]:80", "by-address")]
    [InlineData("[2001:db8:7:65::1]:80", "anything")]
    [InlineData("198.51.100.7:8999", "anything")]
    [InlineData("198.51.100.7:9000", "range")]
    public void Routes_are_chosen_by_ports_and_addresses_of_the_original_destination(string destination, string route) =>
        Assert.Equal(route, DemoAnswer.Parse(Curl($"http://{destination}/").Body).Route);

    [KernelTheory]
    [InlineData("198.51.100.7:9090", "one-port")]
    [InlineData("198.51.100.65:80", "one-address")]
    [InlineData("198.51.100.65:9090", "one-address")]
    public void Of_two_routes_that_match_the_more_specific_one_is_chosen(string destination, string route) =>
        Assert.Equal(route, DemoAnswer.Parse(Curl($"http://{destination}/").Body).Route);

    [KernelTheory]
    [InlineData("/a%2Fb/%7Euser/../c//d?q=%20&r=+")]
    [InlineData("/%41%e2%82%ac")]
    [InlineData("/.")]
    public void The_request_target_is_forwarded_byte_for_byte(string target)
    {
        var (body, _) = Curl("--path-as-is", $"http://198.51.100.7:8080{target}");
        Assert.Contains($" target={target} ", body, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_a_client_says_about_itself_is_replaced_by_the_truth()
    {
        var (body, _) = Curl("--interface", "127.0.0.1", "-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Port: 1", "http://198.51.100.7:8080/");
        Assert.Contains(" for=127.0.0.1 forwarded-port=8080", body, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Many_requests_on_one_connection_are_all_answered()
    {
        var urls = Enumerable.Range(0, 50).Select(i => $"http://198.51.100.7:8080/{i.ToString(CultureInfo.InvariantCulture)}").ToArray();
        var lines = scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", "-w", "%{num_connects}\n", .. urls]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(urls.Select((_, i) => $"target=/{i}"), lines.Where((_, i) => i % 2 == 0).Select(line => line.Split(' ')[1]));
        Assert.Equal(1, lines.Where((_, i) => i % 2 == 1).Sum(connects => int.Parse(connects, CultureInfo.InvariantCulture)));
    }

    private (string Body, string Version) Curl(params string[] arguments)
    {
        var output = scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", "-w", "\n%{http_version}", .. arguments]);
        var end = output.LastIndexOf('\n');
        return (output[..end], output[(end + 1)..]);
    }
}
