namespace Everyport.Proxy.Tls;

/// <summary>What is asked of a client: the values of <c>Tls:Certificates:*:ClientCertificates</c>.</summary>
internal enum ClientCertificateMode
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>A certificate may be shown, and then has to be a good one.</summary>
    Request,

    /// <summary>Without a good certificate there is no connection.</summary>
    Require,
}
