using System.Security.Authentication;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>TLS towards a destination has failed; the message says why, for people.</summary>
internal sealed class UpstreamTlsException(UpstreamTlsFailure failure, string message, Exception inner) : AuthenticationException(message, inner)
{
    public UpstreamTlsFailure Failure => failure;
}
