using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>One process takes over from the other while connections come in, with the same layout of the maps and with another.</summary>
public sealed class TakeOverUnderLoadTests : IDisposable
{
    private const int Generations = 30;

    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_connection_is_refused_or_reset(int layouts)
    {
        var servers = new List<NamedServer>();
        AttachedSteering? old = null;
        var done = false;
        var answers = new Dictionary<string, int>();
        Exception? failure = null;
        var client = new Thread(() => failure = Record.Exception(() => Dial(answers, () => Volatile.Read(ref done))));

        for (var i = 0; i < Generations; i++)
        {
            // A listener that is closed resets what is in its queue; the proxy empties that first, these serve to the end.
            servers.Add(_space.Tcp($"server-{i}"));
            var next = _space.Serve(servers[^1], _space.Options with { Layout = 1 + i % layouts });
            if (i == 0)
                client.Start();
            Assert.Equal(i > 0, old?.HasSuccessor ?? false);
            old?.Dispose();
            old = next;
        }
        Volatile.Write(ref done, true);
        client.Join();
        servers.ForEach(server => server.Dispose());

        Assert.Null(failure);
        Assert.All(answers.Keys, answer => Assert.StartsWith("server-", answer, StringComparison.Ordinal));
        Assert.True(answers.Count > 2, "there was hardly any load");
    }

    private void Dial(Dictionary<string, int> answers, Func<bool> done) => _space.Namespace.Run(() =>
    {
        while (!done())
        {
            var answer = Client.DialTcp(PinnedNamespace.Edge, 80).Split(' ')[0];
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }
    });
}
