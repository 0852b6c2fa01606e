using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// Tells systemd what the process is doing, where it has asked for that (<c>Type=notify</c>, <c>notify-reload</c>); see sd_notify(3). One
/// that asks and does not listen changes nothing.
/// </summary>
internal sealed class ServiceManager(string? address)
{
    /// <summary>The one that has started this process, if any.</summary>
    public static ServiceManager Current { get; } = new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    public void Ready() => Send("READY=1");

    public void Stopping() => Send("STOPPING=1");

    /// <summary>To be followed by <see cref="Ready"/>.</summary>
    public void Reloading() => Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    private void Send(string message)
    {
        if (string.IsNullOrEmpty(address))
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A leading @ stands for the zero byte of a name that is no file.
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
    }
}
