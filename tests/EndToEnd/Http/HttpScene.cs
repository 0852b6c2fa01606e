using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Http;

/// <summary>One proxy with HTTP routes to the demo origin and to nginx, for all tests of a class.</summary>
public sealed class HttpScene : IDisposable
{
    private readonly Nginx? _nginx;
    private readonly RunningEveryport? _everyport;

    public HttpScene()
    {
        try
        {
            _nginx = new Nginx(Namespace, 8080, 8081, 8082);
            _everyport = RunningEveryport.Start(Namespace, Configuration);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; } = new();

    public void Dispose()
    {
        _everyport?.Dispose();
        _nginx?.Dispose();
        Namespace.Dispose();
    }

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": {
              "anything": { "ClusterId": "demo", "Match": { "Path": "{**rest}" }, "Transforms": [
                { "Forwarded": "for,by,host,proto", "ForFormat": "IpAndPort", "ByFormat": "IpAndPort" }, { "RequestHeader": "X-Route", "Set": "anything" }] },
              "by-address": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Addresses": ["198.51.100.64/28", "2001:db8:7:64::/64"] }, "Transforms": [
                { "RequestHeader": "X-Route", "Set": "by-address" }] },
              "one-address": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Addresses": ["198.51.100.65/32"] }, "Transforms": [
                { "RequestHeader": "X-Route", "Set": "one-address" }] },
              "range": { "ClusterId": "demo", "Timeout": "00:00:20", "Match": { "Path": "{**rest}", "Ports": "9000-9999" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "range" }] },
              "one-port": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "9090" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "one-port" }] },
              "nginx": { "ClusterId": "nginx", "Match": { "Path": "{**rest}", "Ports": "8080-8082" } }
            },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "nginx": { "Destinations": { "same-port": { "Address": "http://127.0.0.1:{port}/" } } }
            }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
