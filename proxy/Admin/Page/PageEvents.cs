using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Http.Measuring;
using Everyport.Proxy.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Everyport.Proxy.Admin.Page;

/// <summary>
/// <c>/api/events</c>: once a second what has changed, as server-sent events, for as long as somebody looks. Nothing is
/// gathered while nobody does.
/// </summary>
internal sealed class PageEvents(Func<Status?> status, LiveSampler live, Ends ends, Action<ulong[]> readPorts, TimeProvider time)
{
    private const int MostViewers = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _viewers;

    public async Task SendAsync(HttpContext context)
    {
        if (!Enum.TryParse<LiveOrder>(context.Request.Query["sort"].FirstOrDefault() ?? nameof(LiveOrder.Rate), ignoreCase: true, out var order))
        {
            await Results.Problem($"'{context.Request.Query["sort"]}' is no order; expected {string.Join(", ", Enum.GetNames<LiveOrder>()).ToLowerInvariant()}.", statusCode: 400).ExecuteAsync(context);
            return;
        }
        if (Interlocked.Increment(ref _viewers) > MostViewers)
        {
            Interlocked.Decrement(ref _viewers);
            await Results.Problem($"{MostViewers} pages are being shown already; close one of them.", statusCode: 503).ExecuteAsync(context);
            return;
        }
        try
        {
            await SendAsync(context, new LiveView(context.Request.Query["filter"].ToString().Trim(), order));
        }
        catch (OperationCanceledException)
        {
            // The viewer has gone, or the proxy stops.
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    private async Task SendAsync(HttpContext context, LiveView view)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var body = context.Response.BodyWriter;
        var (told, counts, lastEnd) = (new ulong[ushort.MaxValue + 1], new ulong[ushort.MaxValue + 1], 0L);
        using var watch = ends.Watch();
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (status() is { } now)
                Write(body, "status", now, PageEventJson.Default.Status);
            var ended = ends.After(lastEnd);
            lastEnd = ended.Length > 0 ? ended[^1].Id : lastEnd;
            var seen = live.Read((open, in totals) => new LiveEvent(
                open.Length, view.Of(open, Environment.TickCount64), Array.ConvertAll(ended, ShownEnd.From),
                new LiveSums(totals.Count, HttpMetrics.Total, totals.ToDestination, totals.ToClient)));
            Write(body, "live", seen, PageEventJson.Default.LiveEvent);
            readPorts(counts);
            Write(body, "ports", new PortsEvent(Changed(told, counts)), PageEventJson.Default.PortsEvent);
            await body.FlushAsync(over.Token);
        }
        while (await timer.WaitForNextTickAsync(over.Token));
    }

    private static void Write<T>(IBufferWriter<byte> body, string name, T data, JsonTypeInfo<T> type)
    {
        body.Write("event: "u8);
        body.Write(System.Text.Encoding.ASCII.GetBytes(name));
        body.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(body))
            JsonSerializer.Serialize(json, data, type);
        body.Write("\n\n"u8);
    }

    /// <summary>The ports that have another count than before, each with it; what was before is made the same.</summary>
    private static List<long> Changed(ulong[] before, ulong[] now)
    {
        var changed = new List<long>();
        for (var port = 0; port < now.Length; port++)
        {
            if (before[port] == now[port])
                continue;
            before[port] = now[port];
            changed.Add(port);
            changed.Add((long)now[port]);
        }
        return changed;
    }
}
