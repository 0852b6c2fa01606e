namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>OpenSSL's server with a certificate of its own. It answers a request for a page with what was negotiated.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly ServerProgram _server;

    public TlsServer(NetworkNamespace @namespace, string address, int port, string commonName, params string[] hosts)
    {
        var directory = new TemporaryDirectory();
        var key = Path.Combine(directory.Path, "key.pem");
        Certificate = Path.Combine(directory.Path, "certificate.pem");
        Command.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", $"/CN={commonName}", "-addext", $"subjectAltName={string.Join(',', hosts.Select(host => $"DNS:{host}"))}", "-keyout", key, "-out", Certificate);
        _server = ServerProgram.Start(@namespace, directory, port,
            "openssl", "s_server", "-accept", $"{address}:{port}", "-cert", Certificate, "-key", key, "-alpn", "h2,http/1.1", "-www", "-quiet");
    }

    /// <summary>The file with its certificate, which signs itself.</summary>
    public string Certificate { get; }

    public void Dispose() => _server.Dispose();
}
