using System.Diagnostics;

namespace Everyport.Proxy.Http.Measuring;

/// <summary>When a request came, went on to its destination, and was answered there; a feature of the request. Used again, so that nothing is allocated.</summary>
internal sealed class RequestTimes
{
    private const int MostKept = 64;

    [ThreadStatic]
    private static Stack<RequestTimes>? s_spare;

    private long _came, _sent, _answered;

    /// <summary>For a request that has just come; <see cref="Return"/> it when nothing of the request can touch it any more.</summary>
    public static RequestTimes Rent()
    {
        var times = s_spare is { Count: > 0 } spare ? spare.Pop() : new RequestTimes();
        (times._came, times._sent, times._answered) = (Stopwatch.GetTimestamp(), 0, 0);
        return times;
    }

    public void Return()
    {
        s_spare ??= new Stack<RequestTimes>(MostKept);
        if (s_spare.Count < MostKept)
            s_spare.Push(this);
    }

    /// <summary>The request goes to a destination, perhaps to another one after the first.</summary>
    public void Sent() => (_sent, _answered) = (Stopwatch.GetTimestamp(), 0);

    /// <summary>The head of the answer is there.</summary>
    public void Answered() => _answered = Stopwatch.GetTimestamp();

    /// <summary>From when it came until now.</summary>
    public TimeSpan Whole => Stopwatch.GetElapsedTime(_came);

    /// <summary>How long the destination took to answer; null where it did not.</summary>
    public TimeSpan? Upstream => _answered == 0 || _sent == 0 ? null : Stopwatch.GetElapsedTime(_sent, _answered);
}
