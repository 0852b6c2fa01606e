using Everyport.Steering.Rules;

namespace Everyport.Steering.Inspection;

/// <summary>A socket of any program that takes new connections or datagrams.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Address">Where it is bound; null for every address of the families that it serves.</param>
/// <param name="Port">The port.</param>
/// <param name="IPv4">Whether it serves IPv4.</param>
/// <param name="IPv6">Whether it serves IPv6.</param>
/// <param name="Inode">The number by which /proc tells whose it is.</param>
public sealed record FoundListener(Protocols Protocol, Address? Address, ushort Port, bool IPv4, bool IPv6, uint Inode)
{
    /// <summary>The number by which the kernel knows the socket (SO_COOKIE).</summary>
    public ulong Cookie { get; init; }
}
