namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>The HTTP/3 server of ngtcp2, which serves one file.</summary>
internal sealed class QuicServer : IDisposable
{
    public const string File = "page";

    private readonly TemporaryDirectory _directory = new();
    private readonly BackgroundProcess _process;

    public QuicServer(NetworkNamespace @namespace, int port, byte[] content)
    {
        var (key, certificate) = (Path.Combine(_directory.Path, "key.pem"), Path.Combine(_directory.Path, "certificate.pem"));
        Command.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test", "-keyout", key, "-out", certificate);
        System.IO.File.WriteAllBytes(Path.Combine(_directory.Path, File), content);
        _process = BackgroundProcess.Start(@namespace, "gtlsserver", "-q", "-d", _directory.Path, "127.0.0.1", $"{port}", key, certificate);
        Eventually.Holds(
            () => _process.HasEnded || @namespace.Exec("ss", "-H", "-u", "-a", "-n", $"sport = :{port}").Length > 0,
            () => $"gtlsserver does not listen on port {port}. It wrote: {_process.Output}");
        Assert.False(_process.HasEnded, _process.Output);
    }

    public void Dispose()
    {
        _process.Dispose();
        _directory.Dispose();
    }
}
