using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.ProxyProtocol;

/// <summary>Who a trusted peer says the client is, and what becomes of everybody else who says such things.</summary>
public sealed class InboundTests(ProxyProtocolScene scene) : IClassFixture<ProxyProtocolScene>
{
    private const string Address = ProxyProtocolScene.Address, Trusted = ProxyProtocolScene.Trusted;
    private const string Header = "PROXY TCP4 127.0.0.9 127.100.1.2 40000 9000\r\n";

    [KernelTheory]
    [InlineData(ProxyProtocolScene.HttpByVersion1)]
    [InlineData(ProxyProtocolScene.HttpByVersion2)]
    public void The_origin_of_HTTP_is_told_the_client_of_the_haproxy_in_front(int port)
    {
        var body = scene.Namespace.Exec("curl", "-sS", "--max-time", "60", "--interface", "127.0.0.9", $"http://127.0.0.1:{port}/a");
        Assert.Contains($" target=/a for=127.0.0.9 forwarded-port={port}", body, StringComparison.Ordinal);
        body = scene.Namespace.Exec("curl", "-sS", "--max-time", "60", $"http://[::1]:{port}/a");
        Assert.Contains($" target=/a for=::1 forwarded-port={port}", body, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(ProxyProtocolScene.StreamByVersion1)]
    [InlineData(ProxyProtocolScene.StreamByVersion2)]
    public void Streams_are_chosen_by_the_client_of_the_haproxy_in_front(int port)
    {
        AssertAnswer("known", "127.0.0.1", port, from: "127.0.0.9");
        AssertAnswer("known", "::1", port, from: "::1");
        AssertAnswer("other", "127.0.0.1", port, from: "127.0.0.8");
    }

    [KernelFact]
    public void Curl_is_served_with_its_header()
    {
        var body = scene.Namespace.Exec("curl", "-sS", "--max-time", "60", "--haproxy-protocol", "--interface", Trusted, $"http://{Address}:8000/a");
        Assert.Contains($" target=/a for={Trusted} forwarded-port=8000", body, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_header_may_come_byte_by_byte() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(Address, 9000, Trusted);
        foreach (var b in Encoding.ASCII.GetBytes(Header))
            client.Send([b]);
        Assert.Equal("known", Encoding.ASCII.GetString(TcpClients.Receive(client, 5)));
    });

    [KernelFact]
    public void Who_is_not_trusted_is_refused_with_a_header_and_without() =>
        AssertRefused("127.0.0.1", Header, "ProxyHeaderUntrusted", "Add it there, or set 'Others' to 'Direct'");

    [KernelFact]
    public void A_header_that_is_missing_is_refused() =>
        AssertRefused(Trusted, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "ProxyHeaderMissing", "began with something else");

    [KernelTheory]
    [InlineData("PROXY TCP4 127.0.0.9.1 127.100.1.2 40000 9000\r\n", "Address")]
    [InlineData("PROXY TCP4 127.0.0.9 127.100.1.2 40000 90000\r\n", "Port")]
    [InlineData("PROXY TCP4 ", "CutOff", true)]
    [InlineData("PROXY TCP4 127.0.0.9 127.100.1.2 40000 9000\n", "LineEnd")]
    public void A_header_that_is_malformed_or_cut_off_is_refused(string header, string error, bool ends = false) =>
        AssertRefused(Trusted, header, "ProxyHeaderMalformed", $"malformed ({error})", ends);

    [KernelFact]
    public void A_header_that_does_not_come_in_time_is_refused() =>
        AssertRefused(Trusted, "PROXY TCP4 127.0.0.9", "ProxyHeaderTimedOut", "none came within 'Limits:SniffTimeout'");

    /// <summary>Tries until the log tells of one: it does so once a second for each reason. Others are served all the time.</summary>
    private void AssertRefused(string from, string header, string reason, string explanation, bool ends = false) => Eventually.Holds(
        () => scene.Namespace.Run(() =>
        {
            using var refused = TcpClients.Connect(Address, 9000, from);
            AssertReset(() =>
            {
                // Who need not be listened to is reset at once, perhaps before anything is sent.
                refused.Send(Encoding.ASCII.GetBytes(header));
                if (ends)
                    refused.Shutdown(SocketShutdown.Send);
                AssertAnswer("known", "127.0.0.1", ProxyProtocolScene.StreamByVersion2, from: "127.0.0.9");
                refused.Receive(new byte[1]);
            });
            return scene.Everyport.Messages.Any(message => message.Contains($"({reason},", StringComparison.Ordinal) && message.Contains(explanation, StringComparison.Ordinal));
        }),
        () => string.Create(CultureInfo.InvariantCulture, $"The log does not tell of {reason} with '{explanation}': {scene.Everyport.Output}"));

    private static void AssertReset(Action exchange) => Assert.True(
        Assert.Throws<SocketException>(exchange).SocketErrorCode is SocketError.ConnectionReset or SocketError.NotConnected or SocketError.Shutdown);

    private void AssertAnswer(string expected, string address, int port, string from) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(address, port, from);
        Assert.Equal(expected, Encoding.ASCII.GetString(TcpClients.Receive(client, expected.Length)));
    });
}
