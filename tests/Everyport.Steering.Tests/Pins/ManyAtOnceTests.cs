using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>Many come at once, and each finds what the others have left.</summary>
public sealed class ManyAtOnceTests : IDisposable
{
    private const int Services = 24, Threads = 12;

    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void No_rule_service_or_socket_is_lost_and_none_is_there_twice()
    {
        NamedServer[] servers = [.. Enumerable.Range(0, Services).Select(i => _space.Tcp($"server-{i}"))];
        using (var control = _space.Control())
            control.Load();
        var next = -1;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < Services * 3; i = Interlocked.Increment(ref next))
            {
                // Each of the three for each of the services, in any order.
                if (Record.Exception(() => Work(i % 3, i / 3, servers[i / 3])) is { } failure)
                    failures.Enqueue(failure);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(failures);

        using var after = _space.Control();
        var snapshot = after.Read()!;
        Assert.Equal(Services, snapshot.Effective.Rules.Length);
        Assert.Equal(Services, snapshot.Services.Length / 2);
        Assert.All(snapshot.Services.Where(service => service.Protocol == Protocols.Tcp), service => Assert.Single(service.IPv4Slots, cookie => cookie != 0));
        for (var i = 0; i < Services; i++)
            Assert.Equal($"server-{i}", _space.Dial(port: 1000 + i));
        Array.ForEach(servers, server => server.Dispose());
    }

    private void Work(int kind, int number, NamedServer server)
    {
        using var control = _space.Control(_space.Options with { PinLockTimeout = TimeSpan.FromMinutes(2) });
        if (kind == 0)
            control.Change(rules => Rulesets.Create([.. rules.Rules, Rulesets.Rule($"r{number}", "127.7.0.0/16", $"{1000 + number}", target: Target.ToService(server.Name))]));
        else
            control.Register(server.Name, [server.Socket.SafeHandle], replace: kind == 2);
    }
}
