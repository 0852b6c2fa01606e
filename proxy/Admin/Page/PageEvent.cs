using System.Text.Json.Serialization;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Live;

namespace Everyport.Proxy.Admin.Page;

/// <summary>The event <c>live</c>: how many are open, the ones that are shown, those that have ended since the last event, and sums since the start.</summary>
internal sealed record LiveEvent(int Open, ShownConnection[] Shown, ShownEnd[] Ends, LiveSums Totals);

/// <summary>Sums since the start, of which a page makes rates.</summary>
internal sealed record LiveSums(long Opened, long Requests, long ToDestinations, long ToClients);

/// <summary>The event <c>ports</c>: the ports whose count has changed, each followed by it.</summary>
internal sealed record PortsEvent(IReadOnlyList<long> Counts);

/// <summary>A row of open connections and flows.</summary>
internal sealed record ShownConnection(
    string Id, string Kind, string Client, string Original, string? Name, string? Route, string? Destination, long ToDestination, long ToClient, long Rate, double Seconds)
{
    public static ShownConnection From(in SampledConnection sampled, long now)
    {
        var open = sampled.Open;
        return new(
            $"{open.Id}", open.Kind, open.Client.ToString(), open.Original.ToString(), open.Name, open.Route, open.Destination,
            open.ToDestination, open.ToClient, (long)sampled.BytesPerSecond, Math.Max(0, now - open.OpenedAt) / 1000.0);
    }
}

/// <summary>A row of what has ended.</summary>
internal sealed record ShownEnd(
    string Id, DateTimeOffset At, string Kind, string Client, string Original, string? Name, string? Route, string? Destination,
    long ToDestination, long ToClient, double Seconds, string End, bool Failed)
{
    public static ShownEnd From(EndedConnection ended)
    {
        var last = ended.Last;
        return new(
            $"{ended.Id}", ended.At, last.Kind, last.Client.ToString(), last.Original.ToString(), last.Name, last.Route, last.Destination,
            last.ToDestination, last.ToClient, ended.Duration.TotalSeconds, ended.Reason, ended.HasFailed);
    }
}

/// <summary>How events are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(PortsEvent))]
[JsonSerializable(typeof(PortMapStatus))]
[JsonSerializable(typeof(Status))]
internal sealed partial class PageEventJson : JsonSerializerContext;
