using System.Text.Json;

namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>What clients are told when the proxy cannot serve them, and what the log says to the operator.</summary>
public sealed class ErrorAnswerTests(PolicyScene scene) : IClassFixture<PolicyScene>
{
    [KernelTheory]
    [InlineData(PolicyScene.Narrow, "/elsewhere", 404, "NoRoute")]
    [InlineData(PolicyScene.NobodyIsThere, "/", 502, "ConnectFailed")]
    [InlineData(PolicyScene.Babbles, "/", 502, "UpstreamFailed")]
    [InlineData(PolicyScene.Empty, "/", 503, "NoDestination")]
    [InlineData(PolicyScene.Stalls, "/", 504, "UpstreamTimeout")]
    [InlineData(PolicyScene.ShortTimeout, "/", 504, "RouteTimeout")]
    public void Each_failure_has_a_status_and_a_reason_and_tells_nothing_of_the_inside(int port, string path, int status, string reason)
    {
        var text = scene.Ask(port, path);
        Assert.Equal(status, text.Status);
        Assert.EndsWith($"({reason})\n", text.Body, StringComparison.Ordinal);
        Assert.Equal("text/plain; charset=utf-8", text.Header("Content-Type"));
        Assert.Equal("no-store", text.Header("Cache-Control"));

        var problem = scene.Ask(port, path, "-H", "Accept: application/json");
        using var json = JsonDocument.Parse(problem.Body);
        Assert.Equal((status, reason), (json.RootElement.GetProperty("status").GetInt32(), json.RootElement.GetProperty("reason").GetString()));
        Assert.Equal("application/problem+json", problem.Header("Content-Type"));

        var page = scene.Ask(port, path, "-H", "Accept: text/html,*/*;q=0.8");
        Assert.StartsWith("<!DOCTYPE html>", page.Body, StringComparison.Ordinal);
        Assert.Contains(reason, page.Body, StringComparison.Ordinal);
        foreach (var answer in (Answer[])[text, problem, page])
        {
            foreach (var secret in (string[])["127.0.0.", "only", "Exception", "refused"])
                Assert.DoesNotContain(secret, answer.Head + answer.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [KernelFact]
    public void Where_only_the_method_is_wrong_the_client_is_told_which_ones_are_right()
    {
        Assert.Equal(200, scene.Ask(PolicyScene.Narrow, "/here").Status);
        var (text, problem, page) = (Ask(), Ask("-H", "Accept: application/problem+json"), Ask("-H", "Accept: text/html"));
        foreach (var answer in (Answer[])[text, problem, page])
            Assert.Equal((405, "GET"), (answer.Status, answer.Header("Allow")));
        Assert.EndsWith("(MethodNotAllowed)\n", text.Body, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", problem.Header("Content-Type"));
        Assert.Contains("\"reason\":\"MethodNotAllowed\"", problem.Body, StringComparison.Ordinal);
        Assert.Contains("<small>MethodNotAllowed</small>", page.Body, StringComparison.Ordinal);
        scene.Everyport.AssertTells("MethodNotAllowed", "Add the method to 'Match:Methods' of one");

        Answer Ask(params string[] options) => scene.Ask(PolicyScene.Narrow, "/here", ["-X", "DELETE", .. options]);
    }

    [KernelFact]
    public void Where_the_path_is_wrong_the_method_is_not_what_the_client_is_told() =>
        Assert.Equal(404, scene.Ask(PolicyScene.Narrow, "/elsewhere", "-X", "DELETE").Status);

    [KernelFact]
    public void HEAD_gets_the_headers_alone()
    {
        var answer = scene.Ask(PolicyScene.NobodyIsThere, "/", "--head");
        Assert.Equal((502, ""), (answer.Status, answer.Body));
        Assert.NotEqual("0", answer.Header("Content-Length"));
    }

    [KernelFact]
    public void A_body_that_is_too_large_is_refused()
    {
        var answer = scene.Ask(PolicyScene.SmallBody, "/", "-d", "more than ten bytes");
        Assert.Equal(413, answer.Status);
        Assert.Contains("BodyTooLarge", answer.Body, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(PolicyScene.NobodyIsThere, "14")]
    [InlineData(PolicyScene.Narrow, "12")]
    [InlineData(PolicyScene.Narrow, "12", "/here")]
    public void A_call_of_gRPC_gets_its_status_as_headers(int port, string status, string path = "/package.Service/Method")
    {
        var answer = scene.Ask(port, path, "--http2-prior-knowledge", "-H", "Content-Type: application/grpc", "-H", "TE: trailers", "--data-binary", "x");
        Assert.Equal((200, status, ""), (answer.Status, answer.Header("grpc-status"), answer.Body));
        Assert.Equal("application/grpc", answer.Header("Content-Type"));
    }

    [KernelTheory]
    [InlineData("/404", 404, "<center>nginx")]
    [InlineData("/a-503", 503, "a is busy")]
    public void An_error_of_the_origin_is_the_origins(string path, int status, string body)
    {
        var answer = scene.Ask(PolicyScene.Pair, path, "-H", "Accept: application/json");
        Assert.Equal((status, "a"), (answer.Status, answer.Header("X-Origin")));
        Assert.Contains(body, answer.Body, StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_error_of_the_origin_without_a_body_stays_without_one()
    {
        var answer = scene.Ask(PolicyScene.Hollow, "/");
        Assert.Equal((502, "", "hollow"), (answer.Status, answer.Body, answer.Header("X-Origin")));
    }

    [KernelFact]
    public void An_answer_that_breaks_off_is_broken_off()
    {
        var result = scene.Namespace.TryExec("curl", "-sS", "--max-time", "60", $"http://198.51.100.9:{PolicyScene.Breaks}/");
        Assert.NotEqual(0, result.ExitCode);
        scene.Everyport.AssertTells("ResponseBroken", $"the route '{PolicyScene.Breaks}'", "it broke off in the middle of its answer");
    }

    [KernelFact]
    public void The_log_tells_the_operator_where_it_went_what_happened_and_what_to_do()
    {
        scene.Ask(PolicyScene.NobodyIsThere, "/");
        scene.Everyport.AssertTells(
            $"to 198.51.100.9:{PolicyScene.NobodyIsThere} has failed (ConnectFailed",
            $"the route '{PolicyScene.NobodyIsThere}' to 'only' (http://127.0.0.14:1/) of the cluster 'nobody': no connection (connection refused)",
            "Start the server there, or correct 'ReverseProxy:Clusters:nobody:Destinations:only:Address'");
    }
}
