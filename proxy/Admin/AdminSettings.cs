using System.Net;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Admin;

/// <summary>The section <c>Admin</c>: where the admin host listens, and who may ask it.</summary>
internal sealed record AdminSettings(IPEndPoint Listen)
{
    public static AdminSettings Default { get; } = new(new IPEndPoint(IPAddress.Loopback, 9464));

    /// <summary>What everybody has to show; null where all are let in.</summary>
    public AdminToken? Token { get; init; }

    /// <summary>What TLS is spoken with; null for plain HTTP.</summary>
    public ServedCertificate? Certificate { get; init; }

    /// <summary>Whether it may listen beyond loopback without a token.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Further names by which browsers and scrapers may ask for it where there is no token.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether a successor may listen there too, as with <c>Steering:PinPath</c>.</summary>
    public bool SharePort { get; init; }

    /// <summary>Whether only programs on this machine reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Listen.Address);
}
