namespace Everyport.Proxy.Routing;

/// <summary>Who sent, and to where.</summary>
internal readonly record struct Steered(Endpoint Client, Endpoint Original);
