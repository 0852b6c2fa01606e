using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Names;
using Everyport.Proxy.Tests.Flows;
using static Everyport.Proxy.Tests.Patience;

namespace Everyport.Proxy.Tests.Names;

/// <summary>Names that are resolved in the background.</summary>
public class NameTableTests
{
    private readonly Clock _clock = new();
    private readonly LogLines<NameTable> _log = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private volatile Func<string, Task<IPAddress[]>> _dns = _ => Answer("192.0.2.1");

    [Fact]
    public async Task All_addresses_of_a_name_are_known_after_the_start()
    {
        _dns = _ => Answer("2001:db8::1", "2001:db8::2", "192.0.2.1");
        await using var names = await StartAsync("mail.test");
        Assert.True(names.TryGet("MAIL.test", out var addresses));
        Assert.Equal("2001:db8::1 192.0.2.1 2001:db8::2", string.Join(' ', addresses));
        Assert.Equal(["mail.test"], _asked);
    }

    [Fact]
    public async Task Names_follow_the_DNS()
    {
        await using var names = await StartAsync("mail.test");
        _dns = _ => Answer("192.0.2.2");
        _clock.AdvanceUntil(NameTable.RefreshInterval, () => Get(names, "mail.test") == "192.0.2.2");
    }

    [Fact]
    public async Task A_DNS_that_is_silent_does_not_hold_up_the_start()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _dns = _ => answer.Task;
        var starting = StartAsync("slow.test");
        _clock.AdvanceUntil(NameTable.StartPatience, () => starting.IsCompleted);
        await using var names = await starting;
        Assert.Null(Get(names, "slow.test"));
        Assert.Equal("Warning: The DNS has not answered yet for: slow.test. The start does not wait for it any longer", Assert.Single(_log.All));

        answer.SetResult(await Answer("192.0.2.9"));
        Eventually(() => Get(names, "slow.test") == "192.0.2.9");
    }

    [Fact]
    public async Task A_name_that_is_slow_does_not_hold_up_the_others()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        _dns = host => host == "slow.test" ? never.Task : Answer("192.0.2.1");
        var starting = StartAsync("slow.test", "fast.test");
        _clock.AdvanceUntil(NameTable.StartPatience, () => starting.IsCompleted);
        await using var names = await starting;
        Eventually(() => Get(names, "fast.test") == "192.0.2.1");
    }

    [Fact]
    public async Task An_outage_leaves_the_last_good_answer_and_is_told_once()
    {
        await using var names = await StartAsync("mail.test");
        _dns = _ => throw new SocketException((int)SocketError.TryAgain);
        _clock.AdvanceUntil(NameTable.RefreshInterval, () => _asked.Count >= 4);
        Assert.Equal("192.0.2.1", Get(names, "mail.test"));

        _dns = _ => Answer("192.0.2.2");
        _clock.AdvanceUntil(NameTable.RefreshInterval, () => Get(names, "mail.test") == "192.0.2.2");
        Eventually(() => _log.All.Length == 2);
        Assert.Equal(
            [
                $"Warning: Cannot resolve 'mail.test': {new SocketException((int)SocketError.TryAgain).Message}. Its last addresses stay in use",
                "Information: 'mail.test' is resolved again",
            ],
            _log.All);
    }

    [Fact]
    public async Task A_name_without_addresses_is_a_failure()
    {
        await using var names = await StartAsync("mail.test");
        _dns = _ => Answer();
        _clock.AdvanceUntil(NameTable.RefreshInterval, () => _log.All.Length == 1);
        Assert.Equal("Warning: Cannot resolve 'mail.test': it has no address. Its last addresses stay in use", _log.All[0]);
        Assert.Equal("192.0.2.1", Get(names, "mail.test"));
    }

    [Fact]
    public async Task All_who_ask_for_a_new_name_share_one_query()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _dns = _ => answer.Task;
        await using var names = await StartAsync();
        var asking = Enumerable.Range(0, 20).Select(_ => names.ResolveAsync("new.test", CancellationToken.None).AsTask()).ToArray();
        using var impatient = new CancellationTokenSource();
        var cancelled = names.ResolveAsync("new.test", impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        answer.SetResult(await Answer("192.0.2.7"));
        Assert.All(await Task.WhenAll(asking), addresses => Assert.Equal("192.0.2.7", Assert.Single(addresses).ToString()));
        Assert.Equal(["new.test"], _asked);
        Assert.Equal("192.0.2.7", Get(names, "new.test"));
    }

    [Fact]
    public async Task A_failure_stands_for_a_second()
    {
        _dns = _ => throw new SocketException((int)SocketError.HostNotFound);
        await using var names = await StartAsync();
        Assert.Empty(await names.ResolveAsync("no.test", CancellationToken.None));
        Assert.Empty(await names.ResolveAsync("no.test", CancellationToken.None));
        Assert.Equal(["no.test"], _asked);

        _dns = _ => Answer("192.0.2.7");
        _clock.Advance(NameTable.FailureLifetime);
        Assert.Single(await names.ResolveAsync("no.test", CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_is_not_known_yet_is_asked_for_when_it_is_first_wanted()
    {
        await using var names = await StartAsync();
        Assert.False(names.TryGet("new.test", out var addresses));
        Assert.Empty(addresses);
        Eventually(() => Get(names, "new.test") == "192.0.2.1");
    }

    [Fact]
    public async Task A_name_that_nobody_asks_for_any_more_is_forgotten_unless_it_is_to_be_kept()
    {
        await using var names = await StartAsync("kept.test");
        await names.ResolveAsync("once.test", CancellationToken.None);
        var rounds = 0;
        for (var i = 1; i <= NameTable.UnusedRounds + 3; i++)
        {
            var before = _asked.Count(host => host == "kept.test");
            _clock.AdvanceUntil(NameTable.RefreshInterval, () => _asked.Count(host => host == "kept.test") > before);
            rounds = _asked.Count(host => host == "kept.test");
        }
        Assert.InRange(_asked.Count(host => host == "once.test"), 2, NameTable.UnusedRounds + 1);
        Assert.True(rounds > NameTable.UnusedRounds + 1);
        Assert.Equal("192.0.2.1", Get(names, "kept.test"));
    }

    [Fact]
    public async Task Other_names_are_kept_after_a_change()
    {
        await using var names = await StartAsync("a.test");
        await names.KeepAsync(["b.test"]);
        Assert.Equal("192.0.2.1", Get(names, "b.test"));
        Assert.Equal(["a.test", "b.test"], _asked);
    }

    [Fact]
    public async Task A_query_that_never_ends_does_not_hold_up_the_end()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        var names = await StartAsync("mail.test");
        _dns = _ => never.Task;
        _clock.AdvanceUntil(NameTable.RefreshInterval, () => _asked.Count == 2);
        await names.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(_log.All);
    }

    private static Task<IPAddress[]> Answer(params string[] addresses) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static string? Get(NameTable names, string host) => names.TryGet(host, out var addresses) ? string.Join(' ', addresses) : null;

    private Task<NameTable> StartAsync(params string[] hosts) => NameTable.StartAsync(
        hosts,
        (host, _) =>
        {
            _asked.Enqueue(host);
            return _dns(host);
        },
        _clock,
        _log);
}
