using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>A client that waits for the server to speak, where the proxy first wants to hear the client.</summary>
public sealed class SilentClientTests : IDisposable
{
    private const string Banner = "SSH-2.0-OpenSSH_9.6\r\n";
    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void It_goes_to_the_catch_all_when_the_time_to_sniff_is_over()
    {
        using var server = TcpServer.WithBanner(_namespace, "127.0.0.1", 2200, Banner);
        using var everyport = RunningEveryport.Start(_namespace,
            """
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": {
                "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}" } } },
                "Clusters": {
                  "web": { "Destinations": { "a": { "Address": "http://127.0.0.1:1/" } } },
                  "ssh": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2200" } } }
                }
              },
              "Streams": { "rest": { "ClusterId": "ssh" } },
              "Limits": { "SniffTimeout": "00:00:00.5" }
            }
            """);
        _namespace.Run(() =>
        {
            using var client = TcpClients.Connect("127.100.1.2", 2222);
            Assert.Equal(Banner, Encoding.ASCII.GetString(TcpClients.Receive(client, Banner.Length)));
        });
    }
}
