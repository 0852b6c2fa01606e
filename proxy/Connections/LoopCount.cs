using Everyport.Proxy.Admission;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Counts what has come back to the proxy from its own upstream sockets. A loop shows again with every client: it
/// is logged once a second at most.
/// </summary>
internal sealed partial class LoopCount(string protocol, TimeProvider time, ILogger<LoopCount> logger)
{
    private readonly OncePerSecond _log = new(time);
    private long _total;

    /// <summary>Connections or datagrams so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Counts one.</summary>
    public void Add(Endpoint original)
    {
        var total = Interlocked.Increment(ref _total);
        if (_log.IsDue())
            Loop(protocol, original, total);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closed a loop: a destination is {Original} over {Protocol}, which the rules steer back to this proxy ({Total} so far). "
        + "Add a rule with \"Action\": \"Pass\" for that address and port, or give the destination another address")]
    private partial void Loop(string protocol, Endpoint original, long total);
}
