using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Everyport.Proxy.Admin;
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
    private const int HashLength = 8;

    /// <summary>The embedded default in messages, after "the configuration".</summary>
    public const string EmbeddedSource = "embedded in the program";

    /// <summary>The file that is read; null for the embedded default.</summary>
    public static string? PathOf(string? file) => file ?? (File.Exists(DefaultFile) ? DefaultFile : null);

    /// <summary>Loads and validates. <paramref name="file"/> is what the user named, if anything.</summary>
    /// <exception cref="ConfigurationException">The configuration has errors; all of them are in the message.</exception>
    public static ProxyConfiguration Load(string? file, IReadOnlyList<string> arguments) => LoadUnless(null, file, arguments)!;

    /// <summary>The same; null where it still is the one with this hash, whose errors and warnings are known.</summary>
    public static ProxyConfiguration? LoadUnless(string? hash, string? file, IReadOnlyList<string> arguments)
    {
        var (path, source) = Find(file);
        return Gather(path, arguments, source, hash) is var (keys, found) ? ConfigurationReader.Read(keys, source) with { Hash = found } : null;
    }

    /// <summary>Where the admin host of the proxy is that runs with this configuration. Nothing else is read: it may have changed since.</summary>
    /// <exception cref="ConfigurationException">The section Admin has errors.</exception>
    public static AdminTarget FindAdmin(string? file, IReadOnlyList<string> arguments)
    {
        var (path, source) = Find(file);
        var admin = Gather(path, arguments, source, null)!.Value.Keys.Section("Admin");
        var errors = new ConfigurationErrors();
        var settings = AdminReader.Read(new SectionReader(admin, "Admin", errors));
        errors.ThrowIfAny($"The configuration {source}");
        return new AdminTarget(settings, admin["Token"] ?? (admin["TokenPath"] is { } tokenPath ? File.ReadAllText(tokenPath).Trim() : null));
    }

    private static (string? Path, string Source) Find(string? file)
    {
        var path = PathOf(file);
        if (path is not null && !File.Exists(path))
            throw new ConfigurationException($"The configuration file '{path}' does not exist.");
        return (path, path is null ? EmbeddedSource : $"'{path}'");
    }

    private static (KeyNode Keys, string Hash)? Gather(string? path, IReadOnlyList<string> arguments, string source, string? known)
    {
        try
        {
            var text = path is null ? ReadEmbedded() : File.ReadAllBytes(path);
            KeyValuePair<string, string?>[] others = [.. EnvironmentVariables(), .. CommandLineKeys.Read(arguments)];
            var hash = HashOf(text, others);
            if (hash == known)
                return null;
            var errors = new ConfigurationErrors();
            var keys = JsonKeys.Read(text, errors);
            errors.ThrowIfAny($"The configuration {source}");
            foreach (var (key, value) in others)
                keys.AddAll(key).Value = value;
            return (keys, hash);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Cannot read the configuration {source}: {e.Message}");
        }
    }

    private static byte[] ReadEmbedded()
    {
        using var embedded = Assembly.GetExecutingAssembly().GetManifestResourceStream(EmbeddedFile)!;
        var text = new byte[embedded.Length];
        embedded.ReadExactly(text);
        return text;
    }

    private static string HashOf(byte[] text, IEnumerable<KeyValuePair<string, string?>> others)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(text);
        foreach (var (key, value) in others.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{key}={value}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashLength));
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
