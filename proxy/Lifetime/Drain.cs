using System.Diagnostics;
using Everyport.Proxy.Reload;
using Everyport.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// The orderly end:
/// (1) say that we are not ready, and let those who ask now and then notice;
/// (2) end steering for what is new, unless a successor has taken it over;
/// (3) go on to accept what the kernel has queued for us, and half-open connections;
/// (4) end HTTP connections after their next answer, and those that rest after a while;
/// (5) wait for streams and flows to end by themselves, up to the time-out.
/// </summary>
internal sealed partial class Drain(Func<LifetimeSettings> settings, RunningParts parts, WebApplication admin, ILogger<Drain> logger)
{
    /// <summary>The reason to end when a successor is there.</summary>
    public const string TakenOver = "another process has taken over";

    /// <summary>A client whose SYN we have answered completes the handshake within a round trip.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50), ReportInterval = TimeSpan.FromSeconds(5);

    public int OpenConnections => parts.Connections.Rules.Current.Total.Count;

    private HttpDrain Http => parts.Http.Services.GetRequiredService<HttpDrain>();

    public int OpenFlows => parts.Flows.Open;

    /// <summary>Returns when nothing is open, when the time is over, or when <paramref name="now"/> says so.</summary>
    public async Task RunAsync(string reason, CancellationToken now)
    {
        var (delay, timeout, rest) = (settings().ReadyDelay, settings().DrainTimeout, settings().RestTimeout);
        Begins(reason, OpenConnections, OpenFlows, timeout);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(now);
        try
        {
            if (reason == TakenOver)
                _ = admin.StopAsync(now); // so that only the successor is asked
            else
                await Task.Delay(delay, now); // (1)
            cut.CancelAfter(timeout);
            Withdraw(); // (2)
            Http.Begin(); // (4)
            parts.Flows.Drain();
            await WaitAsync(rest, cut.Token); // (3), (4), (5)
            Ended();
        }
        catch (OperationCanceledException)
        {
            if (OpenConnections + OpenFlows > 0)
                Cut(OpenConnections, OpenFlows);
        }
        await cut.CancelAsync();
        await HttpDrain.StopAsync(parts.Http.Services, cut.Token);
    }

    private void Withdraw()
    {
        try
        {
            parts.Steering.Withdraw();
        }
        catch (SteeringException e)
        {
            NotWithdrawn(e.Message);
        }
    }

    private async Task WaitAsync(TimeSpan rest, CancellationToken cut)
    {
        var isStopping = false;
        var clock = Stopwatch.StartNew();
        for (var reportAt = ReportInterval; OpenConnections + OpenFlows > 0 || clock.Elapsed < HandshakeTime; await Task.Delay(CheckInterval, cut))
        {
            if (!isStopping && clock.Elapsed > rest)
            {
                isStopping = true;
                _ = HttpDrain.StopAsync(parts.Http.Services, cut);
            }
            if (clock.Elapsed > reportAt)
            {
                StillOpen(OpenConnections, OpenFlows);
                reportAt += ReportInterval;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ending ({Reason}): {Connections} connections and {Flows} flows are open, and have {Timeout} to end by themselves")]
    private partial void Begins(string reason, int connections, int flows, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for {Connections} connections and {Flows} flows to end")]
    private partial void StillOpen(int connections, int flows);

    [LoggerMessage(Level = LogLevel.Information, Message = "All connections and flows have ended")]
    private partial void Ended();

    [LoggerMessage(Level = LogLevel.Information, Message = "Closing {Connections} connections and {Flows} flows that have not ended in time")]
    private partial void Cut(int connections, int flows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "New connections may still come: {Error}")]
    private partial void NotWithdrawn(string error);
}
