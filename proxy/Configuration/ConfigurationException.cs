namespace Everyport.Proxy.Configuration;

/// <summary>The configuration cannot be used. The message lists every error with its path.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
