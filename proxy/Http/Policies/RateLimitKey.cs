using Everyport.Steering.Rules;

namespace Everyport.Proxy.Http.Policies;

/// <summary>Who or what has a limit of its own: the first address of a network, a route or host, or a number of those that share one.</summary>
internal readonly record struct RateLimitKey(Address Source, string? Name, int Shared);
