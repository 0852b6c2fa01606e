using Everyport.Steering.Routes;

namespace Everyport.Steering.Tests.Routes;

/// <summary>Settings of a network namespace.</summary>
public sealed class NamespaceSwitchTests : IDisposable
{
    private readonly NetworkNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void A_setting_belongs_to_the_namespace_in_which_it_was_opened()
    {
        using var setting = _space.Run(() => new NamespaceSwitch("ipv4/tcp_fwmark_accept"));
        Assert.False(setting.IsOn);
        Assert.True(setting.TrySet(true) && setting.IsOn);
        Assert.Equal("net.ipv4.tcp_fwmark_accept = 1", _space.Exec("sysctl", setting.Name).Trim());
        Assert.True(setting.TrySet(false) && !setting.IsOn);
    }

    [KernelFact]
    public void A_setting_that_is_missing_is_off_and_stays_off()
    {
        using var setting = _space.Run(() => new NamespaceSwitch("ipv4/no_such_setting"));
        Assert.False(setting.IsOn || setting.TrySet(true) || setting.IsOn);
    }
}
