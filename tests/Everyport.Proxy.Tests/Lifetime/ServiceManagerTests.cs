using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Lifetime;

namespace Everyport.Proxy.Tests.Lifetime;

/// <summary>What systemd is told; see sd_notify(3).</summary>
public class ServiceManagerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_change_is_told(bool isAbstract)
    {
        using var directory = new TemporaryDirectory();
        var path = isAbstract ? $"@everyport-test-{Guid.NewGuid()}" : Path.Combine(directory.Path, "notify");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        listener.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + path[1..] : path));

        var manager = new ServiceManager(path);
        manager.Ready();
        manager.Reloading();
        manager.Stopping();
        Assert.Equal("READY=1", Receive(listener));
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", Receive(listener));
        Assert.Equal("STOPPING=1", Receive(listener));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/to/be/found")]
    public void Where_nobody_listens_nothing_happens(string? address) => Assert.Null(Record.Exception(new ServiceManager(address).Ready));

    private static string Receive(Socket listener)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, listener.Receive(buffer));
    }
}
