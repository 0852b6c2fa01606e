using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Reload;

namespace Everyport.EndToEnd.Tests.Admin;

/// <summary>What becomes of metrics when the configuration changes.</summary>
public sealed class SeriesTests : IDisposable
{
    private readonly ReloadScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void Series_come_and_go_with_what_they_are_named_after()
    {
        Assert.Equal(200, _scene.Get(ReloadScene.Ground));
        _scene.Rename(_scene.Configuration(other: true));
        _scene.AwaitOther(isThere: true);
        var both = Metrics();
        foreach (var label in (string[])["route=\"other\"", "cluster=\"other-web\"", "route=\"other-echo\"", "certificate=\"other\""])
            Assert.Contains(label, both, StringComparison.Ordinal);

        _scene.Rename(_scene.Configuration());
        _scene.AwaitOther(isThere: false);
        var metrics = "";
        Eventually.Holds(() => !(metrics = Metrics()).Contains("=\"other", StringComparison.Ordinal), () => metrics);
        // What stays goes on counting.
        Assert.Matches("everyport_http_requests_total\\{route=\"web\",[^}]*status=\"2xx\"\\} 1\n", metrics);
    }

    private string Metrics() => _scene.Namespace.Run(() => HttpClient10.Get(ReloadScene.Admin, ReloadScene.AdminPort, "/metrics").Body);
}
