namespace Everyport.Proxy.Reactors;

/// <summary>What a socket belongs to.</summary>
internal interface IBreakable
{
    /// <summary>The connection is broken: <see cref="ReactorSocket.TakeError"/> says how.</summary>
    void OnBroken(ReactorSocket socket);

    /// <summary>The other side has sent its end, whether or not somebody reads so far.</summary>
    void OnEnded(ReactorSocket socket)
    {
    }
}
