namespace Everyport.Proxy.Hosting;

/// <summary>The proxy cannot start; the message tells the operator why, and what to do.</summary>
internal sealed class StartupException(string message) : Exception(message);
