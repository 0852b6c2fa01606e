using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Http;

/// <summary>What connections to a destination begin with that is told who the client is; null is nobody, as of health checks.</summary>
internal sealed record ProxyHeaderBytes(ProxyProtocolVersion Version, Steered? Client)
{
    public byte[] ToArray()
    {
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = Client is { } steered ? ProxyHeaderWriter.Write(header, Version, steered) : ProxyHeaderWriter.WriteLocal(header, Version);
        return header[..length].ToArray();
    }
}
