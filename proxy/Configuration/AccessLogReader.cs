using System.Collections.Frozen;
using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>AccessLog</c>.</summary>
internal static class AccessLogReader
{
    public static AccessLogSettings Read(SectionReader section)
    {
        var isOn = section.Flag("Enabled", true);
        var kinds = section.Values<RecordKinds>("Kinds", ParseKind).Aggregate(RecordKinds.None, (all, kind) => all | kind);
        var sample = section.Section("Sample");
        var settings = new AccessLogSettings
        {
            Kinds = !isOn ? RecordKinds.None : kinds == RecordKinds.None ? RecordKinds.All : kinds,
            Format = section.Value<AccessLogFormat?>("Format", null, ParseFormat),
            Path = section.Value<string?>("Path", null, ParsePath),
            ExceptRoutes = section.List("ExceptRoutes").ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            RequestShare = sample.Value<double>("Requests", 1, ShareParser.TryParse),
            StreamShare = sample.Value<double>("Streams", 1, ShareParser.TryParse),
            FlowShare = sample.Value<double>("Flows", 1, ShareParser.TryParse),
        };
        sample.RejectUnknown();
        section.RejectUnknown();
        return settings;
    }

    /// <summary>A route that is not there, of requests, streams or flows, is a slip of the pen.</summary>
    public static void CheckRoutes(ProxyConfiguration configuration, ConfigurationErrors errors)
    {
        var routes = configuration.Http.Routes.Select(route => route.RouteId).Concat(configuration.Streams.Select(stream => stream.Name)).ToArray();
        foreach (var name in configuration.AccessLog.ExceptRoutes.Where(name => !routes.Contains(name, StringComparer.OrdinalIgnoreCase)))
            errors.Add("AccessLog:ExceptRoutes", $"'{name}' is no route of HTTP and no stream; {NearestKey.Suggestion(name, routes)}");
    }

    private static bool ParseKind(string text, out RecordKinds kind, out string? error)
    {
        (kind, error) = text.ToUpperInvariant() switch
        {
            "REQUESTS" => (RecordKinds.Requests, null),
            "STREAMS" => (RecordKinds.Streams, null),
            "FLOWS" => (RecordKinds.Flows, null),
            _ => (RecordKinds.None, $"'{text}' is not one of 'Requests', 'Streams', 'Flows'"),
        };
        return error is null;
    }

    private static bool ParseFormat(string text, out AccessLogFormat? format, out string? error)
    {
        var good = EnumNames.TryParse(text, out AccessLogFormat value, out error);
        format = good ? value : null;
        return good;
    }

    private static bool ParsePath(string text, out string? path, out string? error)
    {
        path = text;
        error = string.IsNullOrWhiteSpace(text) ? "is empty; expected the path of a file, or no such key for standard output" : null;
        return error is null;
    }
}
