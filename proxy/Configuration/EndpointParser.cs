using System.Net;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads where this program is to listen.</summary>
internal static class EndpointParser
{
    public static bool TryParse(string text, out IPEndPoint endpoint, out string? error)
    {
        var good = IPEndPoint.TryParse(text, out endpoint!) && endpoint.Port > 0;
        error = good ? null : $"'{text}' is not an address with a port, such as '127.0.0.1:9464' or '[::1]:9464'";
        return good;
    }
}
