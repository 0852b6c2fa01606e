using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Guards;

/// <summary>
/// Destinations given by a name that turns out to be a steered address: nothing can tell before it is dialled.
/// Without a guard, one client would have the proxy call itself until it is out of descriptors.
/// </summary>
public sealed partial class LoopTests : IDisposable
{
    private const string Address = "198.51.100.1", Looping = "198.51.100.9";
    private const int Clients = 50;

    private readonly NetworkNamespace _namespace = new();
    private readonly HostsFile _hosts;
    private readonly RunningEveryport _everyport;

    public LoopTests()
    {
        _hosts = new HostsFile(_namespace, $"127.0.0.1 localhost\n{Looping} loop.test\n");
        try
        {
            _everyport = RunningEveryport.Start(_namespace,
                """
                {
                  "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
                  "ReverseProxy": {
                    "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}" } } },
                    "Clusters": {
                      "web": { "Destinations": { "a": { "Address": "http://loop.test:{port}/" } } },
                      "tcp": { "Destinations": { "a": { "Address": "tcp://loop.test:{port}" } } },
                      "udp": { "Destinations": { "a": { "Address": "udp://loop.test:{port}" } } }
                    }
                  },
                  "Streams": {
                    "tcp": { "ClusterId": "tcp", "Match": { "Ports": "2500" } },
                    "udp": { "ClusterId": "udp", "Match": { "Protocol": "udp" } }
                  }
                }
                """);
        }
        catch
        {
            _hosts.Dispose();
            _namespace.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _everyport.Dispose();
        _hosts.Dispose();
        _namespace.Dispose();
    }

    [KernelTheory]
    [InlineData(Address)]
    [InlineData(Looping)]
    public void A_stream_that_comes_back_ends_at_once(string address)
    {
        AssertNoLoop(2500, () =>
        {
            using var client = TcpClients.Connect(address, 2500);
            var error = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        });
    }

    [KernelTheory]
    [InlineData(Address)]
    [InlineData(Looping)]
    public void An_HTTP_request_that_comes_back_is_answered_with_a_bad_gateway(string address) =>
        AssertNoLoop(80, () => Assert.Equal(502, HttpClient10.Get(address, 80).Status));

    [KernelTheory]
    [InlineData(Address)]
    [InlineData(Looping)]
    public void A_datagram_that_comes_back_is_dropped(string address) => AssertNoLoop(53, () =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        client.SendTo("hi"u8, new IPEndPoint(IPAddress.Parse(address), 53));
    }, descriptorsOfEach: 2);

    /// <summary>Lets clients have a go, and sees that each loop was cut where it began, counted and told.</summary>
    private void AssertNoLoop(int port, Action client, int descriptorsOfEach = 0)
    {
        _namespace.Run(client); // the first one opens what stays open
        Eventually.Holds(() => LoopsTold(port).Contains(1), "no loop was told");
        var before = Descriptors();
        for (var i = 0; i < Clients; i++)
            _namespace.Run(client);

        Eventually.Holds(() => Descriptors() <= before + Clients * descriptorsOfEach + 10, "descriptors have grown");
        ProcessFacts.AssertBecomesIdle(_everyport.Id);

        // Told once a second: one more client, and the total shows that no client has made more than one loop.
        _namespace.Run(client);
        Eventually.Holds(() => LoopsTold(port).Contains(Clients + 2), "the loops were not counted one by one");
        Assert.Equal(Clients + 2, LoopsTold(port).Max());
    }

    private int Descriptors() => ProcessFacts.Descriptors(_everyport.Id);

    /// <summary>The totals that the log has told so far.</summary>
    private int[] LoopsTold(int port) =>
    [
        .. from Match line in Told().Matches(_everyport.Output)
           where line.Groups["original"].Value == $"{Looping}:{port}"
           select int.Parse(line.Groups["total"].ValueSpan, CultureInfo.InvariantCulture),
    ];

    [GeneratedRegex(@"""Message"":""(Refused a connection|Dropped a datagram) (from|between) \S+ (to|and) (?<original>\S+) \(Loop, (?<total>\d+) so far\)")]
    private static partial Regex Told();
}
