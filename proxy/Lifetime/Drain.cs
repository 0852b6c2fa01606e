using System.Diagnostics;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Live;
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
/// (4) end HTTP connections after their next answer, and those that rest when they have done so for a while;
/// (5) wait for streams and flows to end by themselves, up to the time-out.
/// </summary>
internal sealed partial class Drain(Func<LifetimeSettings> settings, RunningParts parts, LiveRegister live, Arrivals arrivals, WebApplication admin, ILogger<Drain> logger)
{
    /// <summary>The reason to end when a successor is there.</summary>
    public const string TakenOver = "another process has taken over";

    /// <summary>A client whose SYN we have answered completes the handshake within a round trip.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50), RestInterval = TimeSpan.FromSeconds(1), ReportInterval = TimeSpan.FromSeconds(5);

    public int OpenConnections => parts.Connections.Rules.Current.Total.Count;

    private bool IsAnythingOpen => OpenConnections + OpenFlows > 0;

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
            if (IsAnythingOpen)
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
        var clock = Stopwatch.StartNew();
        for (var (restAt, reportAt) = (rest, ReportInterval); await MayGoOnAsync(clock, cut); await Task.Delay(CheckInterval, cut))
        {
            if (clock.Elapsed > restAt)
            {
                EndResting(rest);
                restAt += RestInterval;
            }
            if (clock.Elapsed > reportAt)
            {
                StillOpen(OpenConnections, OpenFlows);
                reportAt += ReportInterval;
            }
        }
    }

    /// <summary>Whether something is open, or may still come. What is accepted just now is counted a moment later.</summary>
    private async ValueTask<bool> MayGoOnAsync(Stopwatch clock, CancellationToken cut)
    {
        for (var looks = 0; looks < 2; looks++)
        {
            // What has arrived meanwhile is open then.
            if (IsAnythingOpen || clock.Elapsed < HandshakeTime && arrivals.MayCome() || IsAnythingOpen)
                return true;
            if (looks == 0)
                await Task.Delay(CheckInterval, cut);
        }
        return false;
    }

    /// <summary>Again and again: there are clients that were accepted late, or have begun to speak late.</summary>
    private void EndResting(TimeSpan rest)
    {
        var openedBefore = Environment.TickCount64 - (long)rest.TotalMilliseconds;
        live.ForEach(item => (item as ServedConnection)?.EndWhenIdle(openedBefore));
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
