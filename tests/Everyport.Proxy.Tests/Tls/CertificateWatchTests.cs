using Everyport.Proxy.Tests.Flows;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Warnings before a certificate expires, and after.</summary>
public sealed class CertificateWatchTests : IDisposable
{
    private static readonly DateTimeOffset Expiry = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines<CertificateWatch> _log = new();
    private readonly Calendar _calendar = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_warning_comes_thirty_days_seven_days_and_one_day_before_and_each_day_after()
    {
        _calendar.Now = Expiry.AddDays(-40);
        await using var watch = Watch();
        foreach (var (days, warnings) in (ReadOnlySpan<(double, int)>)[(-30.5, 0), (-29.9, 1), (-20, 1), (-6.9, 2), (-2, 2), (-0.9, 3), (-0.1, 3), (0.1, 4), (0.9, 4), (1.2, 5), (1.9, 5), (2.3, 6)])
        {
            _calendar.Now = Expiry.AddDays(days);
            LookAgain();
            Assert.Equal(warnings, _log.All.Length);
        }
        Assert.Equal("Warning: The certificate 'a' expires on 2030-06-01 12:00 UTC. Replace its files before; a running proxy takes them up by itself", _log.All[0]);
        Assert.Equal("Warning: The certificate 'a' has expired on 2030-06-01 12:00 UTC: clients refuse it. Replace its files; a running proxy takes them up by itself", _log.All[^1]);
    }

    [Fact]
    public async Task What_was_said_at_the_start_is_not_said_again()
    {
        _calendar.Now = Expiry.AddDays(-3);
        await using var watch = Watch();
        LookAgain();
        Assert.Empty(_log.All);
        _calendar.Now = Expiry.AddDays(-0.5);
        LookAgain();
        Assert.Single(_log.All);
    }

    [Fact]
    public async Task A_new_certificate_ends_the_warnings_and_begins_its_own()
    {
        _calendar.Now = Expiry.AddDays(1);
        await using var watch = Watch();
        Write(Expiry.AddDays(20));
        LookAgain();
        LookAgain();
        Assert.Empty(_log.All);
        _calendar.Now = Expiry.AddDays(15);
        LookAgain();
        Assert.Contains("expires on 2030-06-21 12:00 UTC", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    private CertificateWatch Watch()
    {
        Write(Expiry);
        var config = new CertificateConfig("a", Path.Combine(_directory.Path, "a.pem"));
        var store = new CertificateStore(new TlsSettings { Certificates = [new(config, CertificateLoader.Load(config, (_, message) => Assert.Fail(message))!)] }, new LogLines<CertificateStore>());
        return new CertificateWatch(store, _calendar, _log);
    }

    private void Write(DateTimeOffset expiry) =>
        _directory.Write("a.pem", PemOf(SelfSigned(["a.example.com"], notBefore: Expiry.AddDays(-99), notAfter: expiry)));

    /// <summary>Two rounds: when the second one begins to wait again, the first has been gone through.</summary>
    private void LookAgain()
    {
        for (var i = 0; i < 2; i++)
        {
            var asked = _calendar.Asked;
            _calendar.Timers.Advance(CertificateWatch.Interval);
            Patience.Eventually(() => _calendar.Asked > asked);
        }
    }

    /// <summary>A clock of which the date is set apart from its timers, and which counts how often it was asked for the date.</summary>
    private sealed class Calendar : TimeProvider
    {
        private int _asked;

        public Clock Timers { get; } = new();

        public DateTimeOffset Now { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref _asked);
            return Now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Timers.CreateTimer(callback, state, dueTime, period);
    }
}
