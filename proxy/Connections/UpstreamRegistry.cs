using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Knows every TCP connection that the proxy itself has opened or is opening, so that one that comes back through
/// steering is recognised. Keyed by what is dialled, which is the original destination of a connection that comes
/// back: for all others one look-up that finds nothing is enough. Only destinations that the
/// rules steer to the proxy need to be known.
/// </summary>
internal sealed class UpstreamRegistry
{
    /// <summary>A destination may be made of whatever address and port clients dial.</summary>
    private const int MostRemembered = 65_536;

    private readonly ConcurrentDictionary<Endpoint, Dialled> _dialled = [];
    private volatile Known _known;

    /// <param name="mayComeBack">Whether a destination is steered to the proxy.</param>
    public UpstreamRegistry(Func<Endpoint, bool> mayComeBack) => _known = new Known(mayComeBack);

    /// <summary>Goes over to other rules, for what is dialled from now on.</summary>
    public void Replace(Func<Endpoint, bool> mayComeBack) => _known = new Known(mayComeBack);

    /// <summary>
    /// Notes a dial; comes before <c>connect</c>, so that no connection can be accepted unknown. Null where it cannot
    /// come back.
    /// </summary>
    public Registration? Register(Endpoint destination, SafeHandle socket)
    {
        if (!_known.MayComeBack(destination))
            return null;
        while (true)
        {
            var dialled = _dialled.GetOrAdd(destination, static _ => new Dialled());
            lock (dialled)
            {
                // Nobody finds it any more where the last one has just left: take a new one.
                if (dialled.IsRetired)
                    continue;
                var registration = new Registration(this, destination, dialled, socket);
                dialled.Dialling.Add(registration);
                return registration;
            }
        }
    }

    /// <summary>Whether an accepted connection comes from a socket of our own.</summary>
    public bool Contains(Endpoint client, Endpoint original)
    {
        if (!_dialled.TryGetValue(original, out var dialled))
            return false;
        lock (dialled)
        {
            // A connection may be accepted before connect() has returned to who dials. Its socket has had its
            // address since before the first packet was sent, though: it can be asked, and nobody has to wait.
            return dialled.Connected.ContainsKey(client) || dialled.Dialling.Any(dial => dial.IsFrom(client));
        }
    }

    /// <summary>What the rules say, remembered: to ask them costs more than to look it up.</summary>
    private sealed class Known(Func<Endpoint, bool> mayComeBack)
    {
        private readonly ConcurrentDictionary<Endpoint, bool> _answers = [];

        public bool MayComeBack(Endpoint destination)
        {
            if (_answers.TryGetValue(destination, out var known))
                return known;
            if (_answers.Count >= MostRemembered)
                _answers.Clear();
            return _answers[destination] = mayComeBack(destination);
        }
    }

    /// <summary>What is dialled, and by which sockets. Its own lock guards it.</summary>
    private sealed class Dialled
    {
        public HashSet<Registration> Dialling { get; } = [];

        public Dictionary<Endpoint, Registration> Connected { get; } = [];

        public bool IsRetired { get; set; }
    }

    /// <summary>One socket of our own; dispose of it together with the socket.</summary>
    public sealed class Registration : IDisposable
    {
        private readonly UpstreamRegistry _registry;
        private readonly Endpoint _destination;
        private readonly Dialled _dialled;
        private readonly SafeHandle _socket;
        private Endpoint _local;

        internal Registration(UpstreamRegistry registry, Endpoint destination, object dialled, SafeHandle socket) =>
            (_registry, _destination, _dialled, _socket) = (registry, destination, (Dialled)dialled, socket);

        /// <summary>Notes that <c>connect</c> has returned: from now on the socket need not be asked.</summary>
        public void Connected()
        {
            var local = SocketNames.Local(_socket);
            lock (_dialled)
            {
                if (!_dialled.Dialling.Remove(this))
                    return;
                _local = local;
                _dialled.Connected[local] = this;
            }
        }

        public void Dispose()
        {
            lock (_dialled)
            {
                _dialled.Dialling.Remove(this);
                // A later socket may have the address already.
                if (_dialled.Connected.TryGetValue(_local, out var holder) && holder == this)
                    _dialled.Connected.Remove(_local);
                if (_dialled.IsRetired || _dialled.Dialling.Count + _dialled.Connected.Count > 0)
                    return;
                _dialled.IsRetired = true;
                _registry._dialled.TryRemove(_destination, out _);
            }
        }

        internal bool IsFrom(Endpoint client)
        {
            try
            {
                return SocketNames.Local(_socket) == client;
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                return false; // given up since
            }
        }
    }
}
