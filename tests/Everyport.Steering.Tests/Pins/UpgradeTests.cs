using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A steering goes on with another layout of its maps, and those who use it keep their sockets.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void An_upgrade_takes_all_along_and_a_proxy_of_the_old_layout_serves_on()
    {
        using var server = _space.Tcp("proxy");
        using var udp = _space.Udp("proxy");
        using var mail = _space.Tcp("mail");
        var proxy = _space.Open();
        proxy.Register(Target.ProxyService, server.Socket.SafeHandle);
        proxy.Register(Target.ProxyService, udp.Socket.SafeHandle);
        proxy.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        using var old = _space.Control();
        old.Change(_ => Rulesets.Create(Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"))));
        old.Register("postfix", [mail.Socket.SafeHandle], replace: false);
        Assert.Equal("mail", _space.Dial(port: 25));

        using var next = _space.Control(_space.Options with { Layout = 4711 });
        Assert.Contains("'steerctl upgrade'", Assert.Throws<SteeringException>(() => next.Change(_ => Ruleset.Empty)).Message, StringComparison.Ordinal);
        Assert.Equal(new UpgradeResult(SteeringControl.Layout, 4711, 3), next.Upgrade());
        Assert.Equal(("proxy", "proxy", "mail"), (_space.Dial(), _space.Ask(), _space.Dial(port: 25)));
        var counters = next.Read()!.Services.Single(service => service is { Name: "postfix", Protocol: Protocols.Tcp }).Counters;
        Assert.Equal(2UL, counters.Steered);
        Assert.Equal(new UpgradeResult(4711, 4711, 0), next.Upgrade());

        Assert.False(proxy.HasSuccessor);
        Assert.Contains("was upgraded to the layout 4711", Assert.Throws<SteeringException>(() => proxy.Publish(Rulesets.Create())).Message, StringComparison.Ordinal);
        Assert.Throws<SteeringException>(proxy.Withdraw);
        Assert.Contains("layout 4711", Assert.Throws<SteeringException>(() => old.Register("postfix", [mail.Socket.SafeHandle], replace: false)).Message, StringComparison.Ordinal);

        using var young = _space.Tcp("young");
        _space.Serve(young, _space.Options with { Layout = 4711 });
        Assert.True(proxy.HasSuccessor);
        proxy.Dispose();
        Assert.Equal(("young", "mail"), (_space.Dial(), _space.Dial(port: 25)));
    }

    [KernelFact]
    public void Who_reads_while_others_change_everything_never_sees_half_of_it()
    {
        using var control = _space.Control();
        control.Load();
        var done = false;
        var reads = 0;
        Exception? failure = null;
        var reader = new Thread(() => failure = Record.Exception(() =>
        {
            while (!Volatile.Read(ref done))
            {
                using var looking = _space.Control();
                var snapshot = looking.Read()!;
                // Each state has as many rules as the number in the name of the first one says, and one service for each.
                var rules = snapshot.Effective.Rules;
                Assert.Equal(rules.Length, rules.Length == 0 ? 0 : int.Parse(rules[0].Name, System.Globalization.CultureInfo.InvariantCulture));
                Assert.True(snapshot.Services.Length >= rules.Length * 2);
                Assert.True(snapshot.Attached);
                reads++;
            }
        }));
        reader.Start();
        for (var i = 1; i <= 40; i++)
        {
            using var next = _space.Control(_space.Options with { Layout = 1 + i / 4 % 2 });
            if (i % 4 == 0)
                next.Upgrade();
            var count = i % 9 + 1;
            next.Change(_ => Rulesets.Create([.. Enumerable.Range(0, count).Select(j => Rulesets.Rule(j == 0 ? $"{count}" : $"r{j}", $"127.{10 + j}.0.0/16", target: Target.ToService($"s{j}")))]));
        }
        Volatile.Write(ref done, true);
        reader.Join();
        Assert.Null(failure);
        Assert.True(reads > 10, "there was hardly any reading");
    }
}
