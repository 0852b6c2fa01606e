namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>Rate limits and CORS, by policies that routes name.</summary>
public sealed class PolicyTests(PolicyScene scene) : IClassFixture<PolicyScene>
{
    [KernelFact]
    public void Each_source_has_its_own_rate()
    {
        Assert.Equal([200, 200, 429], Ask("127.0.0.1"));
        Assert.Equal([200, 200, 429], Ask("127.0.0.2"));
        var refused = scene.Ask(PolicyScene.Limited, "/", "--interface", "127.0.0.1");
        Assert.Contains("RateLimited", refused.Body, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 1, 3600);
        scene.Everyport.AssertTells("RateLimited", "the rate limit 'two' refuses it");

        int[] Ask(string source) => [.. Enumerable.Range(0, 3).Select(_ => scene.Ask(PolicyScene.Limited, "/", "--interface", source).Status)];
    }

    [KernelFact]
    public void A_limit_of_a_route_counts_all_its_clients() =>
        Assert.Equal([200, 200, 200, 429], Enumerable.Range(1, 4).Select(i => scene.Ask(PolicyScene.PerRoute, "/", "--interface", $"127.0.0.{i}").Status));

    [KernelFact]
    public void A_preflight_is_answered_for_the_origin()
    {
        var asked = scene.A.Asked("OPTIONS /preflight");
        var answer = Preflight("https://www.example.com", "PUT");
        Assert.Equal(204, answer.Status);
        Assert.Equal(("https://www.example.com", "PUT", "X-Token", "true", "600"), (
            answer.Header("Access-Control-Allow-Origin"),
            answer.Header("Access-Control-Allow-Methods"),
            answer.Header("Access-Control-Allow-Headers"),
            answer.Header("Access-Control-Allow-Credentials"),
            answer.Header("Access-Control-Max-Age")));
        Assert.Equal("", Preflight("https://www.example.org", "PUT").Header("Access-Control-Allow-Origin"));
        Assert.Equal(asked, scene.A.Asked("OPTIONS /preflight"));

        Answer Preflight(string origin, string method) => scene.Ask(
            PolicyScene.Cors, "/preflight", "-X", "OPTIONS", "-H", $"Origin: {origin}", "-H", $"Access-Control-Request-Method: {method}", "-H", "Access-Control-Request-Headers: X-Token");
    }

    [KernelFact]
    public void An_answer_to_a_page_of_an_allowed_origin_is_marked()
    {
        Assert.Equal("https://a.example.com", scene.Ask(PolicyScene.Cors, "/", "-H", "Origin: https://a.example.com").Header("Access-Control-Allow-Origin"));
        Assert.Equal("", scene.Ask(PolicyScene.Cors, "/").Header("Access-Control-Allow-Origin"));
    }

    [KernelFact]
    public void Without_a_policy_a_preflight_is_the_origins_to_answer() =>
        Assert.Equal("a", scene.Ask(PolicyScene.Pair, "/", "-X", "OPTIONS", "-H", "Origin: https://a.example.com", "-H", "Access-Control-Request-Method: PUT").Body);
}
