namespace Everyport.Proxy.Flows;

/// <summary>
/// Whoever sends with a false address gets none of the answers, and cannot go on with the conversation. Until a client has
/// sent again after an answer, it is answered with so many bytes for each byte that it has sent and no more, so that a small
/// datagram with the address of a victim does not become a flood of answers (compare RFC 9000, section 8).
/// </summary>
internal struct ReplyBudget(int? bytesPerByte)
{
    /// <summary>An IPv4 and a UDP header: what counts is what is on the wire, and a datagram may be empty.</summary>
    private const int HeaderBytes = 28;

    private long _left;
    private bool _wasAnswered;

    /// <summary>Whether the client has gone on after an answer; from then on nothing is withheld.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The client has sent.</summary>
    public void Received(int bytes, int datagrams)
    {
        IsProven |= _wasAnswered;
        _left += (long)(bytesPerByte ?? 0) * (bytes + datagrams * HeaderBytes);
    }

    /// <summary>Whether an answer may go to the client.</summary>
    public bool TryAnswer(int bytes, int datagrams)
    {
        if (bytesPerByte is not null && !IsProven)
        {
            var cost = bytes + datagrams * HeaderBytes;
            if (cost > _left)
                return false;
            _left -= cost;
        }
        _wasAnswered = true;
        return true;
    }
}
