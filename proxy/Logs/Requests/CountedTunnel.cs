using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Counts what is said after a request has become something else, such as a WebSocket: by an upgrade, or in HTTP/2 by CONNECT.</summary>
internal sealed class CountedTunnel : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;

    private CountedTunnel(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) => (_upgrade, _connect) = (upgrade, connect);

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest == true;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect == true;

    public string? Protocol => _connect?.Protocol;

    /// <summary>Null where the request is none that may become a tunnel.</summary>
    public static CountedTunnel? Observe(IFeatureCollection features)
    {
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            var observed = new CountedTunnel(upgrade, null);
            features.Set<IHttpUpgradeFeature>(observed);
            return observed;
        }
        if (HttpMethods.IsConnect(features.GetRequiredFeature<IHttpRequestFeature>().Method) && features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            var observed = new CountedTunnel(null, connect);
            features.Set<IHttpExtendedConnectFeature>(observed);
            return observed;
        }
        return null;
    }

    public async Task<Stream> UpgradeAsync() => new Tunnel(await _upgrade!.UpgradeAsync(), this);

    public async ValueTask<Stream> AcceptAsync() => new Tunnel(await _connect!.AcceptAsync(), this);

    private sealed class Tunnel(Stream inner, CountedTunnel counts) : PassingStream(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            counts.BytesIn += count;
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            counts.BytesOut += buffer.Length;
            return base.WriteAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
