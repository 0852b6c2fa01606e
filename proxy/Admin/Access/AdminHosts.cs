using System.Net;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Admin.Access;

/// <summary>
/// The names by which the admin host may be asked for. A page in somebody's browser can have its own name lead to any address, ours
/// included, and read what is answered; an address it cannot have as its name.
/// </summary>
internal static class AdminHosts
{
    private const string Localhost = "localhost";

    public static bool Knows(HostString host, IReadOnlyList<string> more) =>
        IPAddress.TryParse(host.Host, out _)
        || host.Host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
        || host.Host.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase)
        || host.Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || more.Contains(host.Host, StringComparer.OrdinalIgnoreCase);
}
