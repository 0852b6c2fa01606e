namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>Sessions stay at their destination.</summary>
public sealed class AffinityTests(PolicyScene scene) : IClassFixture<PolicyScene>
{
    [KernelTheory]
    [InlineData(PolicyScene.Stuck)]
    [InlineData(PolicyScene.Moving)]
    public void A_cookie_keeps_a_client_at_its_destination(int port)
    {
        Assert.Contains(scene.Hear(port, 4), (string[])["abab", "baba"]);
        var first = scene.Ask(port, "/");
        var cookie = first.Header("Set-Cookie").Split(';')[0];
        Assert.StartsWith("Place=", cookie, StringComparison.Ordinal);
        Assert.Equal(string.Concat(Enumerable.Repeat(first.Body, 4)), scene.Hear(port, 4, "-H", $"Cookie: {cookie}"));
    }

    [KernelFact]
    public void A_header_keeps_a_client_at_its_destination()
    {
        var first = scene.Ask(PolicyScene.HeaderAffinity, "/");
        var place = first.Header("Place");
        Assert.NotEqual("", place);
        Assert.Equal(string.Concat(Enumerable.Repeat(first.Body, 4)), scene.Hear(PolicyScene.HeaderAffinity, 4, "-H", $"Place: {place}"));
    }

    [KernelFact]
    public void A_session_that_may_not_move_fails_with_its_destination_and_one_that_may_goes_on()
    {
        foreach (var (port, answers) in ((int, string)[])[(PolicyScene.Stuck, "no"), (PolicyScene.Moving, "yes")])
        {
            var first = scene.Ask(port, "/");
            var answer = scene.Ask(port, $"/{first.Body}-dies", "-H", $"Cookie: {first.Header("Set-Cookie").Split(';')[0]}");
            Assert.Equal(answers == "yes" ? 200 : 502, answer.Status);
        }
    }
}
