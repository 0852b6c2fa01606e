using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace Everyport.Proxy.Configuration;

/// <summary>The keys and values of JSON and of a command line, as .NET reads them.</summary>
internal static class SourceKeys
{
    public static IDictionary<string, string?> OfJson(Stream json)
    {
        var reader = new JsonReader();
        reader.Load(json);
        return reader.Values;
    }

    public static IDictionary<string, string?> OfCommandLine(IReadOnlyList<string> arguments)
    {
        var reader = new CommandLineReader(arguments);
        reader.Load();
        return reader.Values;
    }

    private sealed class JsonReader() : JsonStreamConfigurationProvider(new JsonStreamConfigurationSource())
    {
        public IDictionary<string, string?> Values => Data;
    }

    private sealed class CommandLineReader(IReadOnlyList<string> arguments) : CommandLineConfigurationProvider(arguments)
    {
        public IDictionary<string, string?> Values => Data;
    }
}
