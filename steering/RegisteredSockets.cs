using System.Collections.Immutable;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>What has become of the sockets that were registered for a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Sockets">Each of the sockets.</param>
/// <param name="Replaced">How many slots held another socket before, and hold it no longer.</param>
public sealed record RegisteredSockets(string Service, ImmutableArray<RegisteredSocket> Sockets, int Replaced);

/// <summary>A socket that is registered for a service.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="IPv4">Whether it serves IPv4.</param>
/// <param name="IPv6">Whether it serves IPv6.</param>
/// <param name="Cookie">The number by which the kernel knows it (SO_COOKIE).</param>
/// <param name="WasThere">Whether it was registered already.</param>
public sealed record RegisteredSocket(Protocols Protocol, bool IPv4, bool IPv6, ulong Cookie, bool WasThere);
