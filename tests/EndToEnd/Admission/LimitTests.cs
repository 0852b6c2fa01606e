using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Admission;

/// <summary>Limits on connections: who is beyond them is reset, the log says which key to raise, and places that are left are given again.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly AdmissionScene _scene = new();
    private readonly List<Socket> _clients = [];

    public void Dispose()
    {
        LeaveAll();
        _scene.Dispose();
    }

    [KernelFact]
    public void A_source_has_as_many_as_it_may_and_all_together_as_many_as_they_may()
    {
        using var everyport = _scene.Start(""" "MaxConnectionsPerSource": 10, "MaxConnections": 25 """);

        Assert.Equal(10, Open(13, from: "127.0.0.11"));
        everyport.AssertTells("(SourceConnections,", "Raise it", "'Limits:MaxConnectionsPerSource'");
        Assert.Equal(10, Open(10, from: "127.0.0.12"));
        Assert.Equal(5, Open(8, from: "127.0.0.13"));
        everyport.AssertTells("(TotalConnections,", "Raise it", "'Limits:MaxConnections'");
        Assert.All(_clients, client => Assert.True(AdmissionScene.IsServed(client)));

        LeaveAll();
        AssertServedAgain("127.0.0.11", 10);
        AssertServedAgain("127.0.0.14", 10);
        AssertServedAgain("127.0.0.13", 5);
    }

    [KernelFact]
    public void What_no_route_takes_is_reset_counted_and_told()
    {
        using var everyport = _scene.Start("");

        Assert.Equal(0, Open(3, AdmissionScene.Unrouted));
        everyport.AssertTells("(NoRoute,", "no route takes it");
        var metrics = _scene.Namespace.Run(() => HttpClient10.Get("127.0.0.1", 9464, "/metrics").Body);
        Assert.Contains("\neveryport_connections_refused_total{reason=\"NoRoute\"} 3", metrics, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_stream_has_as_many_as_it_may()
    {
        using var everyport = _scene.Start("");

        Assert.Equal(AdmissionScene.LimitedTo, Open(AdmissionScene.LimitedTo + 3, AdmissionScene.Limited));
        everyport.AssertTells("(RouteConnections,", "Raise it", "'Streams:limited:MaxConnections'");
        Assert.Equal(3, Open(3));

        LeaveAll();
        AssertServedAgain(null, AdmissionScene.LimitedTo, AdmissionScene.Limited);
    }

    [KernelFact]
    public void A_source_opens_no_more_than_its_rate_allows_and_leaves_the_others_theirs()
    {
        const int Rate = 5, Attempts = 200;
        using var everyport = _scene.Start($""" "NewConnectionsPerSecondPerSource": {Rate} """);

        // However slow the machine is, it does not take as long as the rate would ask for.
        Assert.InRange(Open(Attempts, from: "127.0.0.11"), Rate, Attempts - 1);
        everyport.AssertTells("(SourceRate,", "Raise it", "'Limits:NewConnectionsPerSecondPerSource'");
        Assert.Equal(Rate, Open(Rate, from: "127.0.0.12"));
        Eventually.Holds(() => Open(1, from: "127.0.0.11") == 1, "the source is never served again");
    }

    /// <summary>How many are served.</summary>
    private int Open(int count, int port = AdmissionScene.Unlimited, string? from = null)
    {
        var served = _scene.Open(count, port, from);
        _clients.AddRange(served);
        return served.Count;
    }

    /// <summary>The proxy hears of an end a little later than it comes about.</summary>
    private void AssertServedAgain(string? from, int count, int port = AdmissionScene.Unlimited)
    {
        var served = 0;
        Eventually.Holds(() => (served += Open(count - served, port, from)) == count, () => $"{served} of {count} connections are served again");
    }

    private void LeaveAll()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
    }
}
