using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;
using Everyport.Origin.Bodies;

namespace Everyport.EndToEnd.Tests.Http.Bodies;

/// <summary>A gibibyte up and down, past a proxy that has no memory for it, with clients and origins that are slow at first.</summary>
public sealed class HugeBodyTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const long Gibibyte = 1L << 30, MostMemory = 128L << 20, SlowUntil = 4L << 20;

    public static TheoryData<string, int> AllWays => Ways.All;

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_gibibyte_comes_down_to_a_client_that_is_slow_at_first(string version, int port)
    {
        using var client = NewPatientClient(version);
        await HoldsLittleAsync(client, port, async () =>
        {
            using var answer = await client.GetAsync(Ways.Url(port, $"/bytes/{Gibibyte}"), HttpCompletionOption.ResponseHeadersRead);
            using var body = await answer.Content.ReadAsStreamAsync();
            using var digest = new DigestStream();
            var piece = new byte[64 * 1024];
            while (await body.ReadAsync(piece) is > 0 and var length)
            {
                digest.Write(piece.AsSpan(0, length));
                if (digest.Length < SlowUntil)
                    await Task.Delay(10);
            }
            Assert.Equal(await Pattern.DigestAsync(Gibibyte), digest.ToHexString());
        });
    }

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_gibibyte_goes_up_to_an_origin_that_is_slow_at_first(string version, int port)
    {
        using var client = NewPatientClient(version);
        await HoldsLittleAsync(client, port, async () =>
        {
            using var answer = await client.PostAsync(Ways.Url(port, $"/digest?slow={SlowUntil}"), new PatternContent(Gibibyte));
            Assert.StartsWith($"{Gibibyte} {await Pattern.DigestAsync(Gibibyte)} length={Gibibyte} ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        });
    }

    /// <summary>Of several clients, so that what they hold together would show, none reads: the origin has to stop.</summary>
    [KernelFact]
    public void Clients_that_do_not_read_stop_the_origin() => scene.Namespace.Run(() =>
    {
        const int Clients = 20;
        var before = ProcessFacts.Resident(scene.Everyport.Id);
        Socket[] clients = [.. Enumerable.Range(0, Clients).Select(_ => TcpClients.Connect(PartiesScene.Address, 10_080))];
        foreach (var client in clients)
            RawHttp.Write(client, "GET /endless/unread HTTP/1.1\r\nHost: test\r\n\r\n");
        ProcessFacts.AssertBecomesIdle(scene.Everyport.Id);
        var held = ProcessFacts.Resident(scene.Everyport.Id) - before;
        Assert.True(held < MostMemory, $"the proxy holds {held} bytes more than before");
        foreach (var client in clients)
            RawHttp.Reset(client);
    });

    private HttpClient NewPatientClient(string version)
    {
        var client = scene.NewClient(Ways.Version(version));
        client.Timeout = TimeSpan.FromMinutes(5);
        return client;
    }

    /// <summary>The most that is held while it runs, beside what a small request takes for good.</summary>
    private async Task HoldsLittleAsync(HttpClient client, int port, Func<Task> run)
    {
        using (await client.GetAsync(Ways.Url(port, "/bytes/10000000")))
        {
        }
        var before = ProcessFacts.Resident(scene.Everyport.Id);
        ProcessFacts.ForgetMostResident(scene.Everyport.Id);
        await run();
        var held = ProcessFacts.MostResident(scene.Everyport.Id) - before;
        Assert.True(held < MostMemory, $"the proxy has held up to {held} bytes more than before");
    }
}
