namespace Everyport.Proxy.Admin;

/// <summary>A running proxy cannot be asked, or refuses; the message is one sentence for the operator.</summary>
internal sealed class AdminClientException(string message) : Exception(message);
