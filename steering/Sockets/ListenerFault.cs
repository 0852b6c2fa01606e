namespace Everyport.Steering.Sockets;

/// <summary>Why the kernel could not steer to a socket.</summary>
internal enum ListenerFault
{
    /// <summary>It could.</summary>
    None,

    /// <summary>A file, or whatever else can be open.</summary>
    NoSocket,

    /// <summary>A socket of this machine only.</summary>
    Unix,

    /// <summary>Multipath TCP (RFC 8684), which sockmaps do not take.</summary>
    Mptcp,

    /// <summary>Neither TCP nor UDP.</summary>
    OtherProtocol,

    /// <summary>One end of a TCP connection.</summary>
    Connection,

    /// <summary>TCP, before listen(2).</summary>
    NotListening,

    /// <summary>UDP, after connect(2).</summary>
    Connected,

    /// <summary>UDP, before bind(2).</summary>
    Unbound,
}
