using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Live;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Steering;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Steering is exchanged under living flows.</summary>
public sealed class PublishingTests : IDisposable
{
    private const int Rounds = 300;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void A_flow_loses_no_datagram_when_other_rules_are_published()
    {
        _namespace.Run(() =>
        {
            using var origin = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            origin.Bind(new IPEndPoint(IPAddress.Loopback, 7000));
            var answering = new Thread(() => Repeat(origin)) { IsBackground = true };
            answering.Start();

            var (few, many) = (Read(""), Read(""", "more": { "Prefixes": ["198.51.100.7/32", "2001:db8::/32"], "Ports": "1-1000", "Action": "Drop" } """));
            using var flows = Start(few);
            using var steering = AttachedSteering.Open(new SteeringOptions());
            foreach (var socket in flows.Sockets)
                steering.Register(Target.ProxyService, socket.SafeHandle);
            steering.Publish(few.Steering.Ruleset);

            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
            client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            client.Connect(IPAddress.Parse("198.51.100.1"), 53);
            for (var i = 0; i < Rounds; i++)
            {
                var question = Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture));
                client.Send(question);
                steering.Publish((i % 2 == 0 ? many : few).Steering.Ruleset);
                var answer = new byte[16];
                Assert.Equal(question, answer[..client.Receive(answer)]);
            }
            Assert.Equal(1, flows.Open);
        });
    }

    private static ProxyConfiguration Read(string moreRules) => Configurations.Read(
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } {{moreRules}} } },
          "ReverseProxy": { "Clusters": { "origin": { "Destinations": { "a": { "Address": "udp://127.0.0.1:7000" } } } } },
          "Streams": { "all": { "ClusterId": "origin", "Match": { "Protocol": "udp" } } }
        }
        """);

    private static FlowService Start(ProxyConfiguration configuration)
    {
        var names = NameTable.StartAsync([], (_, _) => Task.FromResult(Array.Empty<IPAddress>()), TimeProvider.System, NullLogger<NameTable>.Instance).GetAwaiter().GetResult();
        var clusters = new StreamClusters(configuration.StreamClusters, (_, _, _, _) => Task.FromResult(true), TimeProvider.System, new HealthLog(NullLogger<HealthLog>.Instance));
        return FlowService.Start(configuration, clusters, names, Records.None, new LiveRegister(), NullLoggerFactory.Instance);
    }

    private static void Repeat(Socket origin)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = origin.ReceiveFrom(buffer, ref from);
                origin.SendTo(buffer, length, SocketFlags.None, from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
