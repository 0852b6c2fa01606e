using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>A thousand publications while connections come in: none is lost, none reaches the wrong service.</summary>
public sealed class PublishingUnderLoadTests : IDisposable
{
    private const int Publications = 1000;

    private readonly SteeredNamespace _space = new(new SteeringOptions { LeaveExistingListeners = false, LeaveEphemeralPorts = false });

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void No_connection_is_lost_or_misdirected()
    {
        using var a = _space.Register(_space.Tcp("a", "127.0.0.2", 8080));
        using var b = _space.Register(_space.Tcp("b", "127.0.0.3", 8080));
        var rulesets = Enumerable.Range(0, 8).Select(Variant).ToArray();
        _space.Steering.Publish(rulesets[0]);

        var done = false;
        var answers = new Dictionary<string, int>[2];
        var clients = answers.Index().Select(entry => new Thread(() => answers[entry.Index] = _space.Namespace.Run(() => Dial(() => Volatile.Read(ref done))))).ToArray();
        Array.ForEach(clients, client => client.Start());
        for (var i = 0; i < Publications; i++)
            _space.Steering.Publish(rulesets[i % rulesets.Length]);
        Volatile.Write(ref done, true);
        Array.ForEach(clients, client => client.Join());

        foreach (var seen in answers)
        {
            Assert.Equal(["127.7.0.1 -> a", "127.8.0.1 -> b"], seen.Keys.Order());
            Assert.True(seen.Values.Sum() > 100, "there was hardly any load");
        }
    }

    /// <summary>The same for the two addresses that are dialled; different, and of different size, everywhere else.</summary>
    private static Ruleset Variant(int number) => Rulesets.Create([
        Rulesets.Rule("a", "127.7.0.0/16", target: Target.ToService("a")),
        Rulesets.Rule("b", "127.8.0.0/16", number % 2 == 0 ? "*" : "1-1000", target: Target.ToService("b")),
        .. Enumerable.Range(0, number * 50).Select(i => Rulesets.Rule($"r{i}", $"127.9.{i % 256}.{number}/32", $"{i + 1}", target: Target.Drop)),
    ]);

    private static Dictionary<string, int> Dial(Func<bool> done)
    {
        var seen = new Dictionary<string, int>();
        while (!done())
        {
            foreach (var address in (string[])["127.7.0.1", "127.8.0.1"])
            {
                var answer = $"{address} -> {Client.DialTcp(address, 80).Split(' ')[0]}";
                seen[answer] = seen.GetValueOrDefault(answer) + 1;
            }
        }
        return seen;
    }
}
