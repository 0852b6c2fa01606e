using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Everyport.Origin;

/// <summary>The ports of the origin, one for each way to speak HTTP.</summary>
internal static class Listening
{
    public static void ListenOn(this KestrelServerOptions kestrel, string port, HttpProtocols protocols, X509Certificate2? certificate = null) =>
        kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), options =>
        {
            options.Protocols = protocols;
            if (certificate is not null)
                options.UseHttps(certificate);
        });
}
