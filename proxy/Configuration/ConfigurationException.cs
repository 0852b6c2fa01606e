namespace Everyport.Proxy.Configuration;

/// <summary>The configuration cannot be used. The message lists every error with its path.</summary>
internal sealed class ConfigurationException(string message) : Exception(message)
{
    /// <summary>The errors one by one; empty where it could not be read at all.</summary>
    public IReadOnlyList<(string Path, string Message)> Errors { get; init; } = [];
}
