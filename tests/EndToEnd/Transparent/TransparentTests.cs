namespace Everyport.EndToEnd.Tests.Transparent;

/// <summary><c>"SourceAddress": "Client"</c>: the origin takes the client's own address for its peer, and nobody else is the worse for it.</summary>
public sealed class TransparentTests(TransparentScene scene) : IClassFixture<TransparentScene>
{
    private const string V4 = TransparentScene.Steered, V6 = TransparentScene.SteeredV6;

    [KernelTheory]
    [InlineData(V4, TransparentScene.Elsewhere)]
    [InlineData(V4, TransparentScene.OnLoopback)]
    [InlineData(V4, TransparentScene.OnOwnAddress)]
    [InlineData(V6, TransparentScene.ElsewhereV6)]
    [InlineData(V6, TransparentScene.OnLoopbackV6)]
    [InlineData(V6, TransparentScene.OnOwnAddressV6)]
    public void The_origin_sees_the_address_of_the_client(string address, int port)
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(address == V4 ? TransparentScene.ClientAddress : TransparentScene.ClientAddressV6, scene.Dial(address, port));
    }

    [KernelFact]
    public void Without_it_the_origin_sees_the_proxy() =>
        Assert.Equal(TransparentScene.OwnAddress, scene.Dial(V4, TransparentScene.NotFromClient));

    [KernelFact]
    public void A_client_of_the_other_family_is_served_from_the_address_of_the_proxy() =>
        Assert.Equal(TransparentScene.OwnAddress, scene.Dial(V6, TransparentScene.Elsewhere));

    [KernelTheory]
    [InlineData(TransparentScene.OriginAddress, V4, TransparentScene.Elsewhere)]
    [InlineData(TransparentScene.OriginAddressV6, V6, TransparentScene.ElsewhereV6)]
    [InlineData(TransparentScene.OwnAddress, V4, TransparentScene.OnOwnAddress)]
    [InlineData(TransparentScene.OwnAddressV6, V6, TransparentScene.OnOwnAddressV6)]
    public void A_client_that_dials_the_origin_itself_is_unharmed(string origin, string steered, int port)
    {
        var client = scene.Dial(steered, port); // the return route is there now
        for (var i = 0; i < 20; i++)
            Assert.Equal(client, scene.Dial(origin, TransparentScene.Server));
    }
}
