using System.Net.Sockets;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>
/// The kernel's own tests of sk_lookup (tools/testing/selftests/bpf/prog_tests/sk_lookup.c), replayed with our
/// program and rules wherever they are about more than the helper functions that a program may call.
/// </summary>
public sealed class SelftestTests : IDisposable
{
    private const string External4 = "127.0.0.1", Internal4 = "127.0.0.2", External6 = "fd00::1", Internal6 = "fd00::2", Mapped = "::ffff:127.0.0.2";
    private const int External = 7007, Internal = 8008;

    private readonly SteeredNamespace _space = new();

    public SelftestTests()
    {
        _space.Namespace.Ip("-6", "addr", "add", $"{External6}/128", "dev", "lo", "nodad");
        _space.Namespace.Ip("-6", "addr", "add", $"{Internal6}/128", "dev", "lo", "nodad");
    }

    public void Dispose() => _space.Dispose();

    [KernelTheory]
    [InlineData(External4, External4, Internal)] // to another port
    [InlineData(External4, Internal4, External)] // to another address
    [InlineData(External6, External6, Internal)]
    [InlineData(External6, Internal6, External)]
    [InlineData(External4, Mapped, Internal)] // IPv4 to an IPv6 socket
    public void Redirects(string connect, string listen, int port)
    {
        using var tcp = _space.Register(_space.Tcp("server", listen, port));
        using var udp = _space.Register(_space.Udp("server", listen, port));
        _space.Publish(ToServer(connect));
        Assert.Equal("server", _space.DialTcp(connect, External));
        Assert.Equal("server", _space.AskUdp(connect, External));
    }

    [KernelTheory]
    [InlineData(External4, Internal4)]
    [InlineData(External6, Internal6)]
    public void Redirects_into_a_reuseport_group_whose_own_selection_decides(string connect, string listen)
    {
        using var a = Member("a", listen, tcp: true);
        using var b = Member("b", listen, tcp: true);
        using var c = Member("a", listen, tcp: false);
        using var d = Member("b", listen, tcp: false);
        Reuseport.SelectSecond(a.Socket);
        Reuseport.SelectSecond(c.Socket);
        _space.Register(a, "server");
        _space.Register(c, "server");
        _space.Publish(ToServer(connect));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("b", _space.DialTcp(connect, External));
            Assert.Equal("b", _space.AskUdp(connect, External));
        }
    }

    [KernelTheory]
    [InlineData(External4, Internal4)]
    [InlineData(External6, Internal6)]
    public void A_connected_member_changes_nothing_for_a_reuseport_group_of_UDP(string connect, string listen)
    {
        using var a = Member("a", listen, tcp: false);
        using var b = Member("b", listen, tcp: false);
        using var connected = Member("connected", listen, tcp: false);
        connected.Socket.Connect(connect, 9);
        Reuseport.SelectSecond(a.Socket);
        _space.Register(a, "server");
        _space.Publish(ToServer(connect));
        for (var i = 0; i < 20; i++)
            Assert.Equal("b", _space.AskUdp(connect, External));
    }

    [KernelTheory]
    [InlineData(External4, Internal4, true)]
    [InlineData(External4, Internal4, false)]
    [InlineData(External6, Internal6, true)]
    [InlineData(External6, Internal6, false)] // missing upstream
    public void A_reuseport_group_that_drops_refuses_even_where_another_server_listens(string connect, string listen, bool tcp)
    {
        using var a = Member("a", listen, tcp);
        using var exact = tcp ? _space.Tcp("exact", connect, External) : _space.Udp("exact", connect, External);
        Reuseport.DropAll(a.Socket);
        _space.Register(a, "server");
        _space.Publish(ToServer(connect));
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => tcp ? Client.DialTcp(connect, External) : Client.AskUdpConnected(connect, External)));
    }

    [KernelTheory]
    [InlineData(External4)]
    [InlineData(External6)]
    public void Drops_although_a_server_listens_there(string address)
    {
        using var tcp = _space.Tcp("server", address, External);
        using var udp = _space.Udp("server", address, External);
        _space.Publish(Rulesets.Rule("dark", Host(address), $"{External}", target: Target.Drop));
        Assert.Equal(Client.Refused, _space.DialTcp(address, External));
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => Client.AskUdpConnected(address, External)));
    }

    [KernelFact]
    public void A_socket_that_is_no_listener_cannot_be_registered()
    {
        using var server = _space.Tcp("server", External4, External);
        using var connection = _space.Namespace.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(External4, External);
            return socket;
        });
        using var connected = _space.Udp("connected", External4, Internal);
        connected.Socket.Connect(External4, 9);

        Assert.Contains("must listen first", Assert.Throws<SteeringException>(() => _space.Steering.Register("server", connection.SafeHandle)).Message);
        Assert.Contains("is connected", Assert.Throws<SteeringException>(() => _space.Register(connected)).Message);
    }

    [KernelFact]
    public void A_socket_that_stops_listening_is_an_error_and_the_next_member_serves()
    {
        using var first = _space.Register(_space.Tcp("first", Internal4, Internal), "server");
        _space.Publish(ToServer(External4));
        Assert.Equal("first", _space.DialTcp(External4, External));

        first.Socket.Shutdown(SocketShutdown.Both);
        Assert.Equal(Client.Refused, _space.DialTcp(External4, External));
        Assert.Equal(1UL, _space.Counters("server", Protocols.Tcp).Error);

        using var second = _space.Register(_space.Tcp("second", "127.0.0.3", Internal), "server");
        Assert.Equal("second", _space.DialTcp(External4, External));
    }

    /// <summary>Two programs in one namespace, in the order of attachment.</summary>
    [KernelTheory]
    [InlineData("pass", "pass", "exact")]
    [InlineData("drop", "drop", Client.Refused)]
    [InlineData("pass", "drop", Client.Refused)]
    [InlineData("drop", "pass", Client.Refused)]
    [InlineData("pass", "redirect", "second")]
    [InlineData("redirect", "pass", "first")]
    [InlineData("drop", "redirect", "second")]
    [InlineData("redirect", "drop", "first")]
    [InlineData("redirect", "redirect", "second")] // the later one replaces the selection of the earlier one
    public void Programs_of_one_namespace_combine_as_the_kernel_says(string first, string second, string answers)
    {
        using var other = _space.Attach();
        using var exact = _space.Tcp("exact", External4, External);
        using var a = _space.Register(_space.Tcp("first", Internal4, Internal), "server");
        using var b = _space.Tcp("second", "127.0.0.3", Internal);
        other.Register("server", b.Socket.SafeHandle);

        _space.Publish(To(first));
        other.Publish(Rulesets.Create(To(second)));
        Assert.Equal(answers, _space.DialTcp(External4, External));

        static Rule To(string what) => ToServer(External4) with
        {
            Target = what switch { "pass" => Target.Pass, "drop" => Target.Drop, _ => Target.ToService("server") },
        };
    }

    private NamedServer Member(string name, string address, bool tcp) => _space.Namespace.Run(() => tcp
        ? NamedServer.Tcp(name, address, Internal, Reuseport.Enable)
        : NamedServer.Udp(name, address, Internal, Reuseport.Enable));

    private static Rule ToServer(string address) => Rulesets.Rule("to server", Host(address), $"{External}", target: Target.ToService("server"));

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"{address}/128" : $"{address}/32";
}
