using Everyport.Proxy.Configuration;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Steering;

namespace Everyport.Proxy.Tests.Reload;

/// <summary>Who asks for a reload, what comes of it, and what is told.</summary>
public class ReloaderTests
{
    private readonly LogLines<Reloader> _log = new();
    private readonly List<ProxyConfiguration> _applied = [];
    private readonly ProxyConfiguration _first = Configurations.Read("{}") with { Hash = "0123456789abcdef" };
    private Func<string?, ProxyConfiguration?> _load;
    private Func<ProxyConfiguration, Task<IReadOnlyList<string>>> _apply;
    private readonly Reloader _reloader;

    public ReloaderTests()
    {
        _load = _ => _first with { Hash = "fedcba9876543210" };
        _apply = next =>
        {
            _applied.Add(next);
            return Task.FromResult<IReadOnlyList<string>>(["Demo has changed, which takes effect at the next start"]);
        };
        _reloader = new Reloader(_first, hash => _load(hash), next => _apply(next), TimeProvider.System, _log);
    }

    [Fact]
    public async Task What_is_good_is_put_in_force_and_what_waits_is_told()
    {
        var told = new List<ProxyConfiguration>();
        _reloader.Applied += told.Add;
        var report = await _reloader.ReloadAsync(ReloadCause.Request);
        Assert.Equal((ReloadResult.Applied, "fedcba9876543210"), (report.Result, report.Hash));
        Assert.Equal(["Demo has changed, which takes effect at the next start"], report.Waiting);
        Assert.Equal(_applied, told);
        Assert.Equal((report, "fedcba9876543210", report.At), (_reloader.Status.LastReload, _reloader.Status.Hash, _reloader.Status.Since));
        Assert.Contains("Warning: Demo has changed, which takes effect at the next start", _log.All);
    }

    [Fact]
    public async Task What_is_bad_changes_nothing_and_all_errors_are_told()
    {
        _load = _ => throw new ConfigurationException("The configuration 'a' has 2 errors: ...") { Errors = [("Steering:Rulez", "is unknown"), ("Limits:MaxFlows", "is no number")] };
        var since = _reloader.Status.Since;
        var report = await _reloader.ReloadAsync(ReloadCause.Signal);
        Assert.Equal((ReloadResult.Invalid, _first.Hash), (report.Result, report.Hash));
        Assert.Equal([new("Steering:Rulez", "is unknown"), new("Limits:MaxFlows", "is no number")], report.Errors);
        Assert.Equal((_first.Hash, since, report), (_reloader.Status.Hash, _reloader.Status.Since, _reloader.Status.LastReload));
        Assert.Empty(_applied);
    }

    [Fact]
    public async Task The_same_errors_of_a_file_are_told_once_and_again_to_who_asks()
    {
        _load = _ => throw new ConfigurationException("bad");
        await _reloader.ReloadAsync(ReloadCause.File);
        await _reloader.ReloadAsync(ReloadCause.File);
        Assert.Single(_log.All);
        await _reloader.ReloadAsync(ReloadCause.Signal);
        Assert.Equal(2, _log.All.Length);
        _load = _ => throw new ConfigurationException("worse");
        await _reloader.ReloadAsync(ReloadCause.File);
        Assert.Equal(3, _log.All.Length);
    }

    [Fact]
    public async Task A_file_that_says_the_same_is_passed_over()
    {
        _load = hash => hash == _first.Hash ? null : _first;
        Assert.Equal(ReloadResult.Unchanged, (await _reloader.ReloadAsync(ReloadCause.File)).Result);
        Assert.Null(_reloader.Status.LastReload);
        Assert.Empty(_log.All);
        Assert.Equal(ReloadResult.Applied, (await _reloader.ReloadAsync(ReloadCause.Signal)).Result);
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_told_and_the_next_one_may_do_better()
    {
        var good = _apply;
        _apply = _ => throw new SteeringException("the kernel refused");
        var report = await _reloader.ReloadAsync(ReloadCause.Request);
        Assert.Equal((ReloadResult.Failed, new ReloadError("", "the kernel refused")), (report.Result, Assert.Single(report.Errors)));
        _apply = good;
        Assert.Equal(ReloadResult.Applied, (await _reloader.ReloadAsync(ReloadCause.Request)).Result);
    }

    [Fact]
    public async Task A_storm_of_changes_takes_two_reloads_one_after_the_other()
    {
        var (begun, go, running) = (new SemaphoreSlim(0), new SemaphoreSlim(0), 0);
        _apply = async next =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            _applied.Add(next);
            begun.Release();
            await go.WaitAsync();
            Interlocked.Decrement(ref running);
            return [];
        };
        var first = _reloader.ReloadAsync(ReloadCause.File);
        await begun.WaitAsync();
        // It has read the file: whoever comes now may have changed it since.
        Task<ReloadReport>[] storm = [.. Enumerable.Range(0, 100).Select(_ => _reloader.ReloadAsync(ReloadCause.File))];
        go.Release(2);
        await Task.WhenAll([first, .. storm]);
        Assert.Equal(2, _applied.Count);
        Assert.NotSame(await first, await storm[0]);
        Assert.Single(storm.Select(task => task.Result).Distinct());
    }
}
