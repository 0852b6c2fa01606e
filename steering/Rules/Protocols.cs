namespace Everyport.Steering.Rules;

/// <summary>The transport protocols that can be steered.</summary>
[Flags]
public enum Protocols
{
    /// <summary>None; never the value of a valid rule.</summary>
    None = 0,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 1,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 2,

    /// <summary>Both, as a rule without <c>Protocols</c> means.</summary>
    All = Tcp | Udp,
}
