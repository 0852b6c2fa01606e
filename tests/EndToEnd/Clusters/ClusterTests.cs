using System.Globalization;

namespace Everyport.EndToEnd.Tests.Clusters;

/// <summary>Streams spread over several destinations, of which some are not there.</summary>
public sealed class ClusterTests(ClusterScene scene) : IClassFixture<ClusterScene>
{
    [KernelFact]
    public void Round_robin_takes_one_after_the_other() =>
        Assert.Contains(scene.Hear(ClusterScene.Balanced, clients: 8), (string[])["abababab", "babababa"]);

    [KernelFact]
    public void A_destination_that_its_checks_find_down_is_left_out_until_it_is_back()
    {
        // It is not there yet. With one attempt, a client that got it would be reset.
        AssertTellsHealth("checked", "Unhealthy", "its last check", times: 1);
        Assert.Equal("aaaaaaaa", scene.Hear(ClusterScene.Checked, clients: 8));

        using (scene.StartB(ClusterScene.Checked))
        {
            AssertTellsHealth("checked", "Healthy", "its last check was answered", times: 1);
            Assert.Contains(scene.Hear(ClusterScene.Checked, clients: 4), (string[])["abab", "baba"]);
        }
        AssertTellsHealth("checked", "Unhealthy", "its last check", times: 2);
        Assert.Equal("aaaaaaaa", scene.Hear(ClusterScene.Checked, clients: 8));
    }

    [KernelFact]
    public void A_destination_that_clients_find_down_is_left_out_for_a_while_and_none_of_them_notices()
    {
        Assert.Equal(new string('a', 12), scene.Hear(ClusterScene.Watched, clients: 12));
        AssertTellsHealth("watched", "Unhealthy", "dials for clients have failed", times: 1);

        using var b = scene.StartB(ClusterScene.Watched);
        scene.Everyport.AssertTells("'b'", "'watched'", "its reactivation period has passed");
        Eventually.Holds(() => scene.Hear(ClusterScene.Watched) == "b", "it does not come back");
    }

    [KernelFact]
    public void A_name_whose_first_address_is_dead_leads_to_the_second_one_long_before_the_time_to_connect_is_over() =>
        Assert.Equal("named", scene.Hear(ClusterScene.ByName, length: 5));

    /// <summary>Changes of the health of b in the log.</summary>
    private void AssertTellsHealth(string cluster, string health, string reason, int times) => Eventually.Holds(
        () => scene.Everyport.Messages.Count(message =>
            message.StartsWith("Destination 'b' ", StringComparison.Ordinal)
            && message.Contains($"of the cluster '{cluster}' is now {health}: {reason}", StringComparison.Ordinal)) >= times,
        () => string.Create(CultureInfo.InvariantCulture, $"The log does not tell {times} times that '{cluster}' is {health}: {scene.Everyport.Output}"));
}
