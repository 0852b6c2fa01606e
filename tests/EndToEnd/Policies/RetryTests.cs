namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>Requests that a destination fails, and that another one answers, or must not.</summary>
public sealed class RetryTests(PolicyScene scene) : IClassFixture<PolicyScene>
{
    [KernelTheory]
    [InlineData("GET")]
    [InlineData("POST")]
    public void Where_no_connection_can_be_made_any_request_goes_to_another_destination(string method)
    {
        string[] options = method == "POST" ? ["-d", new string('x', 100_000)] : [];
        for (var i = 0; i < 3; i++)
            Assert.Equal("b", scene.Ask(PolicyScene.FirstIsDown, "/", options).Body);
        scene.Everyport.AssertTells("goes on to another destination (ConnectFailed)", "'first-is-down'", "connection refused");
    }

    [KernelFact]
    public void A_route_may_want_none() => Assert.Equal(502, scene.Ask(PolicyScene.NoRetries, "/").Status);

    [KernelTheory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public void A_request_that_may_be_repeated_is_where_a_destination_breaks_off(string method)
    {
        var answer = scene.Ask(PolicyScene.Pair, "/a-dies", "-X", method);
        Assert.Equal((200, "b", "b"), (answer.Status, answer.Body, answer.Header("X-Origin")));
    }

    [KernelTheory]
    [InlineData("/a-dies?once", "-X", "POST")]
    [InlineData("/a-dies?body", "-d", "x")]
    [InlineData("/a-dies?put", "-X", "PUT", "-d", "x")]
    public void A_request_that_may_not_be_repeated_is_sent_once(string path, params string[] options)
    {
        var answer = scene.Ask(PolicyScene.Pair, path, options);
        Assert.Equal(502, answer.Status);
        Assert.Contains("UpstreamFailed", answer.Body, StringComparison.Ordinal);
        var method = options.Contains("PUT") ? "PUT" : "POST";
        Eventually.Holds(() => scene.A.Asked($"{method} {path}") == 1, "a was not asked");
        Assert.Equal(0, scene.B.Asked($"{method} {path}"));
    }

    [KernelFact]
    public void Where_all_destinations_fail_the_client_is_told_so()
    {
        var answer = scene.Ask(PolicyScene.NobodyIsThere, "/");
        Assert.Equal(502, answer.Status);
    }

    [KernelFact]
    public void An_answer_that_says_busy_is_taken_from_another_destination_where_the_policy_says_so()
    {
        Assert.Equal((200, "b", "b"), Told(scene.Ask(PolicyScene.Retries503, "/a-503")));
        Assert.Equal((503, "a is busy", "a"), Told(scene.Ask(PolicyScene.Pair, "/a-503")));
        Assert.Equal((503, "a is busy", "a"), Told(scene.Ask(PolicyScene.Retries503, "/a-503", "-d", "x")));

        static (int Status, string Body, string Origin) Told(Answer answer) => (answer.Status, answer.Body, answer.Header("X-Origin"));
    }
}
