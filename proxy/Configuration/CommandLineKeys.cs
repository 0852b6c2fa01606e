using Microsoft.Extensions.Configuration.CommandLine;

namespace Everyport.Proxy.Configuration;

/// <summary>The keys and values of a command line, as .NET reads them.</summary>
internal static class CommandLineKeys
{
    public static IDictionary<string, string?> Read(IReadOnlyList<string> arguments)
    {
        var reader = new CommandLineReader(arguments);
        reader.Load();
        return reader.Values;
    }

    private sealed class CommandLineReader(IReadOnlyList<string> arguments) : CommandLineConfigurationProvider(arguments)
    {
        public IDictionary<string, string?> Values => Data;
    }
}
