namespace Everyport.EndToEnd.Tests.ProxyProtocol;

/// <summary>Whom haproxy and nginx behind the proxy take for the client, and where they think that it has connected to.</summary>
public sealed class OutboundTests(ProxyProtocolScene scene) : IClassFixture<ProxyProtocolScene>
{
    [KernelTheory]
    [InlineData(9101, "nginx, version 1")]
    [InlineData(9102, "nginx, version 2")]
    [InlineData(9201, "haproxy, version 1")]
    [InlineData(9202, "haproxy, version 2")]
    [InlineData(9301, "nginx, version 1 of an HTTP cluster")]
    [InlineData(9302, "haproxy, version 2 of an HTTP cluster")]
    public void The_origin_is_told_the_client_and_the_original_destination(int port, string origin)
    {
        AssertTold(origin, "127.0.0.7", ProxyProtocolScene.Address, port);
        AssertTold(origin, "::1", ProxyProtocolScene.AddressV6, port);
    }

    private void AssertTold(string origin, string client, string address, int port)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var output = scene.Namespace.Exec("curl", "-sS", "--max-time", "60", "--interface", client, "-w", "\n%{local_port}", $"http://{host}:{port}/").TrimEnd().Split('\n');
        Assert.True(output[0].Trim() == $"{client}:{output[^1]} > {address}:{port}", $"{origin} says '{output[0]}' of {client}:{output[^1]}");
    }
}
