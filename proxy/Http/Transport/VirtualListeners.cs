using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Everyport.Proxy.Http.Transport;

/// <summary>Feeds Kestrel: what is posted to a virtual endpoint is accepted there.</summary>
internal sealed class VirtualListeners : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Dictionary<EndPoint, Channel<ConnectionContext>> _channels = new()
    {
        [VirtualEndPoint.Http1] = NewChannel(),
        [VirtualEndPoint.Http2] = NewChannel(),
        [VirtualEndPoint.Tls] = NewChannel(),
    };

    /// <summary>Hands a connection over. False where the endpoint has been unbound; the caller still owns it then.</summary>
    public bool Post(VirtualEndPoint endpoint, ConnectionContext connection) => _channels[endpoint].Writer.TryWrite(connection);

    public bool CanBind(EndPoint endpoint) => endpoint is VirtualEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(endpoint, _channels[endpoint]));

    private static Channel<ConnectionContext> NewChannel() =>
        Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    private sealed class Listener(EndPoint endpoint, Channel<ConnectionContext> channel) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await channel.Reader.WaitToReadAsync(cancellationToken) && channel.Reader.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            channel.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            channel.Writer.TryComplete();
            while (channel.Reader.TryRead(out var connection))
                await connection.DisposeAsync();
        }
    }
}
