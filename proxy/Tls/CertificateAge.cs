namespace Everyport.Proxy.Tls;

/// <summary>How near a certificate is to its end: each value is a reason to warn once more.</summary>
internal enum CertificateAge
{
    /// <summary>More than thirty days are left.</summary>
    Fresh,

    /// <summary>Thirty days are left, or less.</summary>
    Month,

    /// <summary>Seven days are left, or less.</summary>
    Week,

    /// <summary>One day is left, or less.</summary>
    Day,

    /// <summary>It is over: clients refuse it.</summary>
    Expired,
}
