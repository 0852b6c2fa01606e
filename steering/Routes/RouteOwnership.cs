using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Everyport.Steering.Routes;

/// <summary>
/// Tells whether another steering with routes of the same kind lives in the same namespace, so that its routes are
/// not taken for left behind. Each holds an abstract unix socket, whose name belongs to the namespace and goes with its process; see unix(7).
/// </summary>
internal sealed class RouteOwnership : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _prefix, _name;

    // Opened in the namespace, it lists the sockets of that namespace from whichever thread it is read.
    private readonly FileStream _sockets = new("/proc/thread-self/net/unix", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    public RouteOwnership(string kind)
    {
        _prefix = $"everyport-{kind}-routes-";
        // Containers that share the namespace may well have the same number for their process, such as 1.
        _name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(16)}");
        _socket.Bind(new UnixDomainSocketEndPoint("\0" + _name));
    }

    /// <summary>Whether no other lives in the namespace now.</summary>
    public bool IsOnly
    {
        get
        {
            _sockets.Position = 0;
            using var reader = new StreamReader(_sockets, leaveOpen: true);
            return !reader.ReadToEnd().Split('\n').Any(line =>
                line.Contains("@" + _prefix, StringComparison.Ordinal) && !line.EndsWith("@" + _name, StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sockets.Dispose();
    }
}
