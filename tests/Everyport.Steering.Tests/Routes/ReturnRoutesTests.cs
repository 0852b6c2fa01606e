using System.Net;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Routes;

/// <summary>Origins that are dialled from the client's address answer to this machine, and everybody else gets what is theirs.</summary>
public sealed class ReturnRoutesTests : IDisposable
{
    private readonly ReturnScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelTheory]
    [InlineData(ReturnScene.OriginV4)]
    [InlineData(ReturnScene.OriginV6)]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6)]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.8.7")]
    [InlineData("::1")]
    public void An_origin_sees_the_client_however_strict_the_reverse_path_filter_is(string origin)
    {
        var routes = _scene.OpenRoutes();
        foreach (var filter in (int[])[0, 1, 2])
        {
            foreach (var validMark in (int[])[0, 1])
            {
                SetFilter(filter, validMark);
                Assert.Equal(ReturnScene.ClientOf(origin), _scene.DialAsClient(routes, origin));
            }
        }
    }

    [KernelTheory]
    [InlineData(ReturnScene.OriginV4)]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData("127.0.0.1")]
    public void Without_a_return_route_no_answer_arrives(string origin) =>
        Assert.Equal(TransparentDial.NoAnswer, _scene.DialAsClient(origin, ReturnScene.Open, mark: 0));

    [KernelTheory]
    [InlineData(ReturnScene.OriginV4)]
    [InlineData(ReturnScene.OriginV6)]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_refusal_of_the_origin_arrives(string origin) =>
        Assert.Equal(TransparentDial.Refused, _scene.DialAsClient(_scene.OpenRoutes(), origin, ReturnScene.Closed));

    [KernelTheory]
    [InlineData(ReturnScene.OriginV4)]
    [InlineData(ReturnScene.OriginV6)]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6)]
    public void A_client_that_dials_the_origin_itself_gets_its_answers(string origin)
    {
        var routes = _scene.OpenRoutes();
        foreach (var filter in (int[])[0, 1, 2])
        {
            SetFilter(filter, validMark: 0);
            _scene.DialAsClient(routes, origin);
            Assert.Equal(ReturnScene.ClientOf(origin), _scene.Client.Run(() => TransparentDial.Directly(origin, ReturnScene.Open)));
        }
    }

    [KernelTheory]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6)]
    public void With_an_origin_on_this_machine_a_client_gets_its_answers_on_any_port(string origin)
    {
        _scene.DialAsClient(_scene.OpenRoutes(), origin);
        Assert.Equal(ReturnScene.ClientOf(origin), _scene.Client.Run(() => TransparentDial.Directly(origin, ReturnScene.Open, from: ReturnRoutes.DiallingPorts.First)));
    }

    [KernelTheory]
    [InlineData(ReturnScene.OriginV4, ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OriginV6, ReturnScene.OwnV6)]
    [InlineData(ReturnScene.OwnV4, ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6, ReturnScene.OwnV6)]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    public void Connections_of_this_machine_from_its_own_addresses_are_untouched(string origin, string own)
    {
        _scene.DialAsClient(_scene.OpenRoutes(), origin);
        Assert.Equal(own, _scene.Proxy.Run(() => TransparentDial.Directly(origin, ReturnScene.Open)));
        Assert.Equal(own, _scene.Proxy.Run(() => TransparentDial.Directly(origin, ReturnScene.Open, from: ReturnRoutes.DiallingPorts.First)));
    }

    [KernelTheory]
    [InlineData(ReturnScene.OwnV4)]
    [InlineData(ReturnScene.OwnV6)]
    public void SYN_cookies_keep_the_mark(string origin)
    {
        _scene.Set("net.ipv4.tcp_syncookies", 2);
        Assert.Equal(ReturnScene.ClientOf(origin), _scene.DialAsClient(_scene.OpenRoutes(), origin));
    }

    [KernelFact]
    public void An_address_that_only_a_local_route_makes_ours_is_on_this_machine()
    {
        _scene.Proxy.Ip("route", "add", "local", "203.0.113.0/24", "dev", "lo");
        Assert.Equal(ReturnScene.ClientV4, _scene.DialAsClient(_scene.OpenRoutes(), "203.0.113.9"));
        Assert.Contains("from 203.0.113.9 fwmark", _scene.Routing, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_connection_lives_on_while_routes_are_added()
    {
        var routes = _scene.OpenRoutes();
        Assert.All(Enumerable.Range(1, 20), i =>
        {
            Assert.Equal(ReturnScene.ClientV4, _scene.DialAsClient(routes, ReturnScene.OriginV4));
            routes.Add(Parse($"203.0.113.{i}"), new PortRange(443, 443));
        });
    }

    [KernelTheory]
    [InlineData(0, 65535)]
    [InlineData(1, 65535)]
    [InlineData(1, 65534)]
    public void All_ports_of_an_origin_are_one_rule(int first, int last)
    {
        var routes = _scene.OpenRoutes();
        routes.Add(Parse(ReturnScene.OriginV4), new PortRange((ushort)first, (ushort)last));
        Assert.Equal(ReturnScene.ClientV4, _scene.DialAsClient(ReturnScene.OriginV4, ReturnScene.Open, mark: 0));
        Assert.Equal(TransparentDial.Refused, _scene.DialAsClient(ReturnScene.OriginV4, ReturnScene.Closed, mark: 0));
        Assert.Equal(1, CountRules());
    }

    [KernelTheory]
    [InlineData(65535, 65535)]
    [InlineData(49152, 65535)]
    [InlineData(0, 79)]
    public void Ports_that_no_rule_of_the_kernel_can_name_are_refused_in_words(int first, int last) =>
        Assert.Contains("1 to 65534", Assert.Throws<SteeringException>(() => _scene.OpenRoutes().Add(Parse(ReturnScene.OriginV4), new PortRange((ushort)first, (ushort)last))).Message);

    [KernelFact]
    public void Too_many_destinations_are_refused_in_words()
    {
        var routes = _scene.OpenRoutes();
        for (ushort port = 1; port <= 500; port++)
            routes.Add(Parse(ReturnScene.OriginV4), new PortRange(port, port));
        Assert.Contains("500 destinations", Assert.Throws<SteeringException>(() => routes.Add(Parse(ReturnScene.OriginV4), new PortRange(501, 501))).Message);
        Assert.Equal(ReturnScene.ClientV4, _scene.DialAsClient(routes, ReturnScene.OriginV4));
    }

    [KernelFact]
    public void Without_the_capability_the_error_names_it() =>
        Assert.Contains("CAP_NET_ADMIN", _scene.Proxy.Run(() =>
        {
            Capabilities.DropFromThread();
            return Assert.Throws<SteeringException>(() => ReturnRoutes.Open());
        }).Message);

    private int CountRules() => _scene.Proxy.Ip("rule").Split('\n').Count(rule => rule.Contains("lookup 197", StringComparison.Ordinal));

    private void SetFilter(int filter, int validMark)
    {
        foreach (var device in (string[])["all", "default", "lo", "client", "origin"])
            _scene.Set($"net.ipv4.conf.{device}.rp_filter", filter);
        _scene.Set("net.ipv4.conf.all.src_valid_mark", validMark);
    }

    private static Address Parse(string text) => Address.From(IPAddress.Parse(text));
}
