using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>What is measured of certificates and handshakes.</summary>
public sealed class TlsMetricsTests : IDisposable
{
    private readonly ConcurrentQueue<string> _measured = new();
    private readonly MeterListener _listener = new();

    public TlsMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EveryportMeter.Name && instrument.Name.Contains("certificate", StringComparison.Ordinal) | instrument.Name.Contains("tls", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))} {value}"));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void The_expiry_of_each_certificate_is_a_gauge()
    {
        var certificate = Served("gauged", "gauged.example.com");
        // Other tests show certificates of theirs.
        Patience.Eventually(() =>
        {
            CertificateMetrics.Show(new CertificateDirectory([certificate]));
            _listener.RecordObservableInstruments();
            return _measured.Contains($"everyport_certificate_expiry_timestamp_seconds certificate=gauged {certificate.Loaded.NotAfter.ToUnixTimeSeconds()}");
        });
    }

    [Fact]
    public void Reloads_are_counted_by_their_result()
    {
        using var directory = new TemporaryDirectory();
        var config = new CertificateConfig("counted", directory.Write("a.pem", PemOf(SelfSigned(["counted.example.com"]))));
        var store = new CertificateStore(new TlsSettings { Certificates = [new(config, CertificateLoader.Load(config, (_, _) => { })!)] }, new LogLines<CertificateStore>());
        directory.Write("a.pem", "nothing");
        store.Reload("counted");
        directory.Write("a.pem", PemOf(SelfSigned(["counted.example.com"])));
        store.Reload("counted");
        Assert.Equal(
            ["everyport_certificate_reloads certificate=counted result=rejected 1", "everyport_certificate_reloads certificate=counted result=loaded 1"],
            _measured.Where(measured => measured.Contains("=counted", StringComparison.Ordinal) && measured.Contains("reloads", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_failure_of_a_handshake_is_counted_and_explained()
    {
        var log = new LogLines<HandshakeFailures>();
        var failures = new HandshakeFailures(TimeProvider.System, log);
        foreach (var reason in Enum.GetValues<HandshakeFailure>())
            failures.Add(new TlsConnection(Served("a", "a.example.com"), new ClientHello("a.example.com", [])) { ClientCertificateFailure = reason }, isLate: false, [], "192.0.2.1:1234");
        foreach (var reason in Enum.GetNames<HandshakeFailure>())
        {
            Assert.Contains($"everyport_tls_handshakes_failed reason={reason} 1", _measured);
            Assert.Single(log.All, line => line.StartsWith($"Information: A TLS handshake with 192.0.2.1:1234 for the certificate 'a' has failed ({reason}): ", StringComparison.Ordinal));
        }
    }
}
