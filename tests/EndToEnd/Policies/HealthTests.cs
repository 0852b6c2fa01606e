namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>Which destination gets a request: by load balancing, and by what is known of its health.</summary>
public sealed class HealthTests(HealthScene scene) : IClassFixture<HealthScene>
{
    [KernelFact]
    public void Round_robin_takes_one_after_the_other() => Assert.Contains(scene.Ask(HealthScene.RoundRobin, 6), (string[])["ababab", "bababa"]);

    [KernelFact]
    public void The_first_by_name_gets_everything() => Assert.Equal("aaaa", scene.Ask(HealthScene.FirstAlphabetical, 4));

    [KernelTheory]
    [InlineData(HealthScene.Random)]
    [InlineData(HealthScene.PowerOfTwoChoices)]
    [InlineData(HealthScene.LeastRequests)]
    public void Other_policies_use_all_destinations_and_no_others(int port)
    {
        var heard = "";
        Eventually.Holds(() => (heard += scene.Ask(port, 4)).Length > 8, "");
        Assert.All(heard, name => Assert.Contains(name, "ab"));
        // The least loaded of two idle ones is always the first.
        if (port != HealthScene.LeastRequests)
            Eventually.Holds(() => (heard += scene.Ask(port)).Distinct().Count() == 2, () => heard);
    }

    [KernelFact]
    public void A_destination_that_its_probes_find_down_gets_nothing_until_it_is_back()
    {
        Eventually.Holds(() => HealthOf("b") == "Unhealthy", "its probes do not find it down");
        Assert.Equal("aaaa", scene.Ask(HealthScene.Active, 4));
        using (var b = scene.StartBOf(HealthScene.Active))
        {
            Eventually.Holds(() => HealthOf("b") == "Healthy", "its probes do not find it up");
            Assert.Contains(scene.Ask(HealthScene.Active, 4), (string[])["abab", "baba"]);
            Assert.True(b.Asked("GET /health") > 0);
        }
        Eventually.Holds(() => HealthOf("b") == "Unhealthy", "its probes do not find it down again");
        Assert.Equal("aaaa", scene.Ask(HealthScene.Active, 4));

        string? HealthOf(string destination) => scene.StatusOf(HealthScene.Active, destination).GetProperty("health").GetString();
    }

    [KernelFact]
    public void A_destination_that_fails_requests_gets_none_any_more_and_no_client_notices()
    {
        Eventually.Holds(() =>
        {
            Assert.Equal("aaaa", scene.Ask(HealthScene.Passive, 4));
            return scene.Everyport.Messages.Any(message => message.Contains("`b` marked as 'Unhealthy` by the passive health check", StringComparison.Ordinal));
        }, () => scene.Everyport.Output);
        // YARP gives it another chance when the requests of the last minute are forgotten.
        using var b = scene.StartBOf(HealthScene.Passive);
        Assert.Equal("aaaa", scene.Ask(HealthScene.Passive, 4));
    }

    [KernelFact]
    public void A_breaker_opens_after_failures_and_closes_after_a_trial()
    {
        Assert.Equal("Closed", Circuit());
        Eventually.Holds(() => scene.Ask(HealthScene.Broken) == "a" && Circuit() != "Closed", "it does not open");
        scene.Everyport.AssertTells("The circuit breaker of 'b'", "is now Open");

        // Trials fail as well, and no client notices.
        Assert.Equal("aaaa", scene.Ask(HealthScene.Broken, 4));
        using var b = scene.StartBOf(HealthScene.Broken);
        Eventually.Holds(() => scene.Ask(HealthScene.Broken) == "b", "no request is let through on trial");
        scene.Everyport.AssertTells("The circuit breaker of 'b'", "is now Closed: a request on trial has succeeded");
        Assert.Equal("Closed", Circuit());
        Assert.Contains(scene.Ask(HealthScene.Broken, 4), (string[])["abab", "baba"]);

        string? Circuit() => scene.StatusOf(HealthScene.Broken, "b").GetProperty("circuit").GetString();
    }

    [KernelFact]
    public void Where_all_breakers_are_open_there_is_no_destination()
    {
        Assert.Contains("ConnectFailed", scene.Ask(HealthScene.AllBroken), StringComparison.Ordinal);
        Assert.Contains("ConnectFailed", scene.Ask(HealthScene.AllBroken), StringComparison.Ordinal);
        Assert.Contains("NoDestination", scene.Ask(HealthScene.AllBroken), StringComparison.Ordinal);
        Assert.Equal("Open", scene.StatusOf(HealthScene.AllBroken, "only").GetProperty("circuit").GetString());
    }
}
