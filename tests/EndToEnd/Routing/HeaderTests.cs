namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>Which headers an origin, and a client, get.</summary>
public sealed class HeaderTests(RoutingScene scene) : IClassFixture<RoutingScene>
{
    private const string Claims =
        """
        X-Forwarded-For: 203.0.113.9
        X-Forwarded-Host: evil.example.com
        X-Forwarded-Proto: https
        X-Forwarded-Port: 1
        X-Forwarded-Server: evil
        X_Forwarded_For: 203.0.113.10
        Forwarded: for=203.0.113.11
        X-Real-IP: 203.0.113.12
        x-original-url: /admin
        """;

    [KernelFact]
    public void What_a_client_claims_is_dropped_and_the_truth_is_told()
    {
        var seen = scene.Get("/", headers: Lines(Claims));
        Assert.Contains("X-Forwarded-For: 127.0.0.1\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: one.example.com\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: http\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Port: 8003\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", seen, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_a_trusted_proxy_says_is_added_to()
    {
        string[] claims = [.. Lines(Claims).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).SelectMany(line => (string[])["-H", line])];
        var seen = scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", "--interface", "127.9.0.1", .. claims, $"http://{RoutingScene.Address}:{RoutingScene.Mirror}/"]);
        Assert.Contains("X-Forwarded-For: 203.0.113.9, 127.9.0.1\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: evil.example.com, 127.100.1.2:8003\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: https, http\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Port: 1, 8003\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Real-IP: 203.0.113.12\r\n", seen, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("127.0.0.1", "")]
    [InlineData("127.9.0.1", "for=203.0.113.11, ")]
    public void The_same_holds_for_the_standard_header(string client, string before)
    {
        var seen = scene.Namespace.Exec(
            "curl", "-sS", "--max-time", "60", "--interface", client, "-H", "Forwarded: for=203.0.113.11", $"http://{RoutingScene.Address}:{RoutingScene.Forwarded}/");
        var value = seen.Split("\r\n").Single(line => line.StartsWith("Forwarded: ", StringComparison.Ordinal))["Forwarded: ".Length..];
        Assert.StartsWith(before, value, StringComparison.Ordinal);
        Assert.Contains($"for=\"{client}:", value[before.Length..], StringComparison.Ordinal);
        Assert.Contains("by=\"127.100.1.2:8008\"", value, StringComparison.Ordinal);
        Assert.DoesNotContain("ffff", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Forwarded-For", seen, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_is_for_one_connection_only_stays_on_it()
    {
        // Where it also says "close" or "keep-alive", Kestrel forgets the rest.
        var seen = scene.Exchange("GET / HTTP/1.0\r\nHost: one.example.com\r\nConnection: X-Secret ,x-other\r\nX-Secret: 1\r\nX-Other: 2\r\nX-Third: 3\r\n\r\n");
        var (head, body) = (seen[..seen.IndexOf("\r\n\r\n", StringComparison.Ordinal)], seen[seen.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
        Assert.DoesNotContain("X-Secret", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Other", body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Third: 3\r\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Kept: 1\r\n", head, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Nobody_can_declare_the_host_or_the_length_to_be_for_one_connection_only()
    {
        var seen = scene.Exchange("PUT / HTTP/1.1\r\nHost: one.example.com\r\nConnection: close, host, content-length, x-forwarded-for\r\nContent-Length: 0\r\n\r\n");
        Assert.Contains("Content-Length: 0\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: one.example.com\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 127.0.0.1\r\n", seen, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Repeated_headers_keep_their_order()
    {
        var seen = scene.Get("/", headers: "X-Many: b\r\nX-Many: a\r\nX-Odd:  \t x=\"y\", z\r\nCookie: a=1\r\nCookie: b=2\r\n");
        Assert.Contains("X-Many: b, a\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Odd: x=\"y\", z\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("Cookie: a=1; b=2\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Twice: a\r\nX-Twice: b\r\n", seen, StringComparison.Ordinal);
    }

    private static string Lines(string headers) => headers.ReplaceLineEndings("\r\n") + "\r\n";
}
