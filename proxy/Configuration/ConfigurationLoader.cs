using System.Collections;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Gathers the configuration: a file or the embedded default, then environment variables (<c>Section__Key</c>),
/// then the command line (<c>--Section:Key=value</c>). The later one wins.
/// </summary>
internal static class ConfigurationLoader
{
    public const string DefaultFile = "appsettings.json";
    private const string EmbeddedFile = "default.json";

    /// <summary>The embedded default in messages, after "the configuration".</summary>
    public const string EmbeddedSource = "embedded in the program";

    /// <summary>Loads and validates. <paramref name="file"/> is what the user named, if anything.</summary>
    /// <exception cref="ConfigurationException">The configuration has errors; all of them are in the message.</exception>
    public static ProxyConfiguration Load(string? file, IReadOnlyList<string> arguments)
    {
        var path = file ?? (File.Exists(DefaultFile) ? DefaultFile : null);
        if (path is not null && !File.Exists(path))
            throw new ConfigurationException($"The configuration file '{path}' does not exist.");

        var source = path is null ? EmbeddedSource : $"'{path}'";
        return ConfigurationReader.Read(Gather(path, arguments, source), source);
    }

    private static IConfigurationRoot Gather(string? path, IReadOnlyList<string> arguments, string source)
    {
        try
        {
            using var json = path is null ? Assembly.GetExecutingAssembly().GetManifestResourceStream(EmbeddedFile)! : File.OpenRead(path);
            return IndexedKeys.Build([.. SourceKeys.OfJson(json), .. EnvironmentVariables(), .. SourceKeys.OfCommandLine(arguments)]);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Cannot read the configuration {source}: {e.Message}");
        }
    }

    /// <summary>The variables that name one of our sections; all others belong to somebody else.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> EnvironmentVariables()
    {
        var settings =
            from DictionaryEntry variable in Environment.GetEnvironmentVariables()
            let key = ((string)variable.Key).Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
            let section = key.Split(ConfigurationPath.KeyDelimiter)[0]
            where key != section && ConfigurationReader.Sections.Contains(section, StringComparer.OrdinalIgnoreCase)
            select KeyValuePair.Create(key, (string?)variable.Value);
        // The environment tells names apart by case, the configuration does not.
        return settings.DistinctBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
    }
}
