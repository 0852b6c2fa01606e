using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>A proxy with a certificate that changes, and one that is kept.</summary>
internal sealed class ReloadScene : Scene
{
    private int _sessions;

    public ReloadScene() => Arrange(() =>
    {
        Authority = Own(new Authority());
        Path = Authority.PathOf("changing");
        Issue(Path);
        Authority.Issue("kept", ["kept.example.com"]);
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    public Authority Authority { get; private set; } = null!;

    public RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>The file that changes.</summary>
    public string Path { get; private set; } = null!;

    /// <summary>The serial number of the certificate that was issued last.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>Writes a new certificate.</summary>
    public void Issue(string path)
    {
        using var certificate = Authority.Issue("changing", path, ["changing.example.com"]);
        Expected = certificate.SerialNumber;
    }

    /// <summary>The serial number of the certificate that a client sees.</summary>
    public string Serial(string name)
    {
        using var connection = Connect(name);
        return connection.Serial;
    }

    /// <summary>A file with a session.</summary>
    public string NewSession(string name, string version)
    {
        var session = System.IO.Path.Combine(Authority.Directory, $"session{++_sessions}");
        Assert.Contains("HTTP/1.1 200", ResumptionTests.Ask(this, name, version, "-sess_out", session), StringComparison.Ordinal);
        return session;
    }

    public string Resume(string name, string version, string session) => ResumptionTests.Ask(this, name, version, "-sess_in", session);

    public Connection Connect(string name) => Namespace.Run(() => new Connection(name));

    private string Configuration =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" } } },
            "Clusters": { "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } } }
          },
          "Tls": { "Certificates": { "changing": { "Path": "{{Path}}" }, "kept": { "Path": "{{Authority.PathOf("kept")}}" } } },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;

    /// <summary>A connection that is kept, for one request after the other.</summary>
    internal sealed class Connection : IDisposable
    {
        private readonly SslStream _stream;
        private readonly string _name;

        public Connection(string name)
        {
            _name = name;
            _stream = new SslStream(new NetworkStream(TcpClients.Connect(TlsScene.Address, 443), ownsSocket: true), false, (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
            _stream.AuthenticateAsClient(name);
        }

        public string Serial => ((X509Certificate2)_stream.RemoteCertificate!).SerialNumber;

        public string Get(string path)
        {
            _stream.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_name}\r\n\r\n"));
            var buffer = new byte[64 * 1024];
            var answer = new StringBuilder();
            while (!IsWhole(answer.ToString()))
            {
                var count = _stream.Read(buffer);
                Assert.NotEqual(0, count);
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
            return answer.ToString();
        }

        public void Dispose() => _stream.Dispose();

        private static bool IsWhole(string answer)
        {
            const string length = "Content-Length: ";
            var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (body < 4)
                return false;
            var start = answer.IndexOf(length, 0, body, StringComparison.Ordinal) + length.Length;
            return start < length.Length
                ? answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)
                : answer.Length - body >= int.Parse(answer.AsSpan(start, answer.IndexOf('\r', start) - start), CultureInfo.InvariantCulture);
        }
    }
}
