using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Everyport.Origin.Events;

/// <summary>What is said to the streams of events, by their names.</summary>
internal sealed class EventChannels
{
    private readonly ConcurrentDictionary<string, Channel<string>> _channels = new();

    public Channel<string> Get(string name) => _channels.GetOrAdd(name, _ => Channel.CreateUnbounded<string>());
}
