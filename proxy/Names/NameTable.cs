using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Names;

/// <summary>
/// The addresses of hosts that are given by name. They are looked up in the background and kept fresh, as nothing
/// that moves bytes can wait for the DNS, and an outage of the DNS must not become one of the proxy.
/// </summary>
internal sealed partial class NameTable : IAsyncDisposable
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long the start waits for the first answers.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a failure stands for an answer, so that each new connection does not ask again.</summary>
    public static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(1);

    /// <summary>Rounds of refreshing, five minutes, after which a name that nobody asks for is forgotten.</summary>
    public const int UnusedRounds = 10;

    /// <summary>A query blocks a thread of the pool while the DNS is silent.</summary>
    private const int ParallelQueries = 8;

    private readonly ConcurrentDictionary<string, NameEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _query;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _stop;
    private volatile FrozenSet<string> _kept = [];
    private volatile int _round;
    private Task _refreshing = Task.CompletedTask;

    private NameTable(Func<string, CancellationToken, Task<IPAddress[]>> query, TimeProvider time, ILogger logger) =>
        (_query, _time, _logger, _stop) = (query, time, logger, _disposing.Token);

    /// <summary>Makes a table that keeps these names, and waits for their addresses, but not for long.</summary>
    public static async Task<NameTable> StartAsync(
        IEnumerable<string> hosts, Func<string, CancellationToken, Task<IPAddress[]>> query, TimeProvider time, ILogger<NameTable> logger)
    {
        var names = new NameTable(query, time, logger);
        await names.KeepAsync(hosts);
        names._refreshing = Task.Run(names.RefreshAsync);
        return names;
    }

    /// <summary>
    /// Keeps these names, used or not, until others are given. Completes when all are looked up, or after
    /// <see cref="StartPatience"/>; the queries go on then.
    /// </summary>
    public async Task KeepAsync(IEnumerable<string> hosts)
    {
        Keep(hosts);
        NameEntry[] added = [.. _kept.Select(Find).Where(entry => entry.Addresses.IsEmpty)];
        try
        {
            await QueryAllAsync(added).WaitAsync(StartPatience, _time, _stop);
        }
        catch (TimeoutException)
        {
            NotYetResolved(string.Join(", ", added.Where(entry => entry.Addresses.IsEmpty).Select(entry => entry.Host)));
        }
    }

    /// <summary>Keeps these names and no others, and asks for none: those that are not known yet are asked for when they are needed.</summary>
    public void Keep(IEnumerable<string> hosts) => _kept = hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The addresses of a name in the order to dial them, without a lock and without waiting. A name that is not
    /// known is asked for in the background, for the next time.
    /// </summary>
    public bool TryGet(string host, out ImmutableArray<Address> addresses)
    {
        var entry = Find(host);
        addresses = entry.Addresses;
        if (!addresses.IsEmpty)
            return true;
        _ = AskAsync(entry);
        return false;
    }

    /// <summary>The addresses of a name in the order to dial them; waits where it is not known. None where it cannot be resolved.</summary>
    public ValueTask<ImmutableArray<Address>> ResolveAsync(string host, CancellationToken cancelled)
    {
        var entry = Find(host);
        var addresses = entry.Addresses;
        return addresses.IsEmpty ? new(AskAsync(entry).WaitAsync(cancelled)) : new(addresses);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _refreshing;
        _disposing.Dispose();
    }

    private NameEntry Find(string host)
    {
        var entry = _entries.GetOrAdd(host, static host => new NameEntry(host));
        entry.LastUse = _round;
        return entry;
    }

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(RefreshInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop))
            {
                _round++;
                foreach (var (host, entry) in _entries)
                {
                    if (!_kept.Contains(host) && _round - entry.LastUse > UnusedRounds)
                        _entries.TryRemove(host, out _);
                }
                await QueryAllAsync(_entries.Values);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private Task QueryAllAsync(IEnumerable<NameEntry> entries) => Parallel.ForEachAsync(
        entries,
        new ParallelOptions { MaxDegreeOfParallelism = ParallelQueries, CancellationToken = _stop },
        async (entry, stop) => await QueryAsync(entry).WaitAsync(stop));

    /// <summary>Asks, unless the last failure is so fresh that it would fail again.</summary>
    private Task<ImmutableArray<Address>> AskAsync(NameEntry entry)
    {
        lock (entry.Gate)
        {
            return entry.Pending is null && entry.FailedAt is { } failed && _time.GetElapsedTime(failed) < FailureLifetime
                ? Task.FromResult(entry.Addresses)
                : QueryAsync(entry);
        }
    }

    /// <summary>The query under way, or a new one: all who want to know share it.</summary>
    private Task<ImmutableArray<Address>> QueryAsync(NameEntry entry)
    {
        lock (entry.Gate)
            return entry.Pending ??= Task.Run(() => RunQueryAsync(entry));
    }

    private async Task<ImmutableArray<Address>> RunQueryAsync(NameEntry entry)
    {
        var (addresses, failure) = (ImmutableArray<Address>.Empty, (string?)null);
        try
        {
            addresses = AddressOrder.Interleave(await _query(entry.Host, _stop));
            failure = addresses.IsEmpty ? "it has no address" : null;
        }
        catch (Exception e)
        {
            // Whatever it is: the query is over, and the next one may do better.
            failure = e.Message;
        }
        Conclude(entry, addresses, failure);
        return entry.Addresses;
    }

    private void Conclude(NameEntry entry, ImmutableArray<Address> addresses, string? failure)
    {
        bool wasFailing;
        lock (entry.Gate)
        {
            wasFailing = entry.FailedAt is not null;
            entry.Pending = null;
            entry.FailedAt = failure is null ? null : _time.GetTimestamp();
            // The last good answer outlives a failure.
            if (failure is null)
                entry.Addresses = addresses;
        }

        if (failure is not null && !wasFailing && !_stop.IsCancellationRequested)
            CannotResolve(entry.Host, failure, entry.Addresses.IsEmpty ? "No connection can be made to it" : "Its last addresses stay in use");
        else if (failure is null && wasFailing)
            ResolvedAgain(entry.Host);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot resolve '{Host}': {Reason}. {Consequence}")]
    private partial void CannotResolve(string host, string reason, string consequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "'{Host}' is resolved again")]
    private partial void ResolvedAgain(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The DNS has not answered yet for: {Hosts}. The start does not wait for it any longer")]
    private partial void NotYetResolved(string hosts);
}
