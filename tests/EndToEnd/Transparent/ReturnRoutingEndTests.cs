namespace Everyport.EndToEnd.Tests.Transparent;

/// <summary>What the way back has added to the routing of the machine is gone when the proxy is, or with the next start.</summary>
public sealed class ReturnRoutingEndTests : IDisposable
{
    private readonly TransparentScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void SIGTERM_leaves_nothing_behind()
    {
        DialAll();
        Assert.Equal(0, _scene.Everyport.Stop());
        Assert.Equal("", _scene.ReturnRouting);
    }

    [KernelFact]
    public void What_SIGKILL_leaves_behind_is_removed_at_the_next_start()
    {
        DialAll();
        _scene.Everyport.Kill();
        _scene.Start();
        Assert.Equal("", _scene.ReturnRouting);
        DialAll();
    }

    [KernelFact]
    public void What_SIGKILL_leaves_behind_is_removed_even_if_no_stream_needs_it_any_more()
    {
        DialAll();
        _scene.Everyport.Kill();
        _scene.StartWithoutStreams();
        Assert.Equal("", _scene.ReturnRouting);
    }

    private void DialAll()
    {
        foreach (var port in (int[])[TransparentScene.Elsewhere, TransparentScene.OnLoopback, TransparentScene.OnOwnAddress])
            Assert.Equal(TransparentScene.ClientAddress, _scene.Dial(TransparentScene.Steered, port));
        foreach (var port in (int[])[TransparentScene.ElsewhereV6, TransparentScene.OnLoopbackV6, TransparentScene.OnOwnAddressV6])
            Assert.Equal(TransparentScene.ClientAddressV6, _scene.Dial(TransparentScene.SteeredV6, port));
        Assert.Contains("197", _scene.ReturnRouting, StringComparison.Ordinal);
    }
}
