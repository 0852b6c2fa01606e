namespace Everyport.Steering.Cli.Registering;

/// <summary>A service that has got sockets.</summary>
/// <param name="Registered">What has become of them.</param>
/// <param name="Descriptions">What each of them is, in the same order.</param>
/// <param name="LeftOut">How many members of their reuseport groups did not fit.</param>
internal sealed record RegisteredService(RegisteredSockets Registered, IReadOnlyList<string> Descriptions, int LeftOut);
