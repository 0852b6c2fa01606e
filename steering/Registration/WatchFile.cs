using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Registration;

/// <summary>
/// Reads what to watch from JSON: <c>{ "Watch": [ { "Service": "dns", "Process": "unit:nsd.service", "Protocol": "any", "Address": "*", "Port": 53 } ] }</c>.
/// The last three belong together, and may be left out.
/// </summary>
public sealed class WatchFile
{
    private const string Section = "Watch", Service = "Service", Process = "Process", Protocol = "Protocol", Address = "Address", Port = "Port";

    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<string> _errors = [];

    private WatchFile() { }

    /// <summary>Reads all of it; where anything is wrong, the errors name everything.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out IReadOnlyList<WatchedService>? services, out IReadOnlyList<string> errors)
    {
        var file = new WatchFile();
        services = file.Read(json);
        errors = file._errors;
        if (errors.Count > 0)
            services = null;
        return services is not null;
    }

    private List<WatchedService> Read(ReadOnlyMemory<byte> json)
    {
        var services = new List<WatchedService>();
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty(Section, out var list) || list.ValueKind != JsonValueKind.Array)
                _errors.Add($"{Section}: is missing; expected a list of services, each with '{Service}' and '{Process}'");
            else if (list.GetArrayLength() == 0)
                _errors.Add($"{Section}: is empty; expected a list of services, each with '{Service}' and '{Process}'");
            else
                services.AddRange(list.EnumerateArray().Select((entry, i) => ReadEntry($"{Section}:{i}", entry)).OfType<WatchedService>());
        }
        catch (JsonException e)
        {
            _errors.Add($"is no JSON: {e.Message}");
        }
        foreach (var twice in services.GroupBy(service => service.Service, StringComparer.Ordinal).Where(same => same.Count() > 1))
            _errors.Add($"{Section}: the service '{twice.Key}' is there twice; one program serves it");
        return services;
    }

    private WatchedService? ReadEntry(string path, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"{path}: expected an object with '{Service}' and '{Process}'");
            return null;
        }
        foreach (var property in entry.EnumerateObject().Where(property => property.Name is not (Service or Process or Protocol or Address or Port)))
            _errors.Add($"{path}:{property.Name}: is an unknown key; expected '{Service}', '{Process}', '{Protocol}', '{Address}' or '{Port}'");
        var (service, source) = (Required(path, entry, Service, "the name of a service"), Required(path, entry, Process, "a PID file, 'unit:NAME' or 'cgroup:PATH'"));
        var filter = ReadFilter(path, entry);
        return service is null || source is null || filter is null ? null : ToService(path, service, source, filter);
    }

    private WatchedService? ToService(string path, string service, string process, ListenerFilter filter)
    {
        try
        {
            var source = ProcessSource.Parse(process);
            if (source.OutlivesItsProcess)
                return new WatchedService(service, source, filter);
            source.Dispose();
            _errors.Add($"{path}:{Process}: '{process}' is one process, and ends with it; expected a PID file, 'unit:NAME' or 'cgroup:PATH'");
        }
        catch (FormatException e)
        {
            _errors.Add($"{path}:{Process}: {e.Message.TrimEnd('.')}");
        }
        return null;
    }

    private ListenerFilter? ReadFilter(string path, JsonElement entry)
    {
        string?[] words = [Text(entry, Protocol), Text(entry, Address), Text(entry, Port)];
        try
        {
            switch (words)
            {
                case [null, null, null]:
                    return ListenerFilter.All;
                case [{ } protocol, { } address, { } port]:
                    return ListenerFilter.Parse(protocol, address, port);
                default:
                    _errors.Add($"{path}: '{Protocol}', '{Address}' and '{Port}' belong together; expected all of them or none");
                    return null;
            }
        }
        catch (FormatException e)
        {
            _errors.Add($"{path}: {e.Message}");
            return null;
        }
    }

    private string? Required(string path, JsonElement entry, string key, string expected)
    {
        var text = Text(entry, key);
        var error = string.IsNullOrEmpty(text) ? $"is missing; expected {expected}" : key == Service && ServiceName.Problem(text) is { } problem ? $"'{text}' {problem}" : null;
        if (error is null)
            return text;
        _errors.Add($"{path}:{key}: {error}");
        return null;
    }

    private static string? Text(JsonElement entry, string key) => entry.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        ? value.ToString()
        : null;
}
