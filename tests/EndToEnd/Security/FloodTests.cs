using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>Floods of frames on HTTP/2 connections: they are ended and counted, and others are served meanwhile.</summary>
public sealed class FloodTests(SecurityScene scene) : IClassFixture<SecurityScene>
{
    private const int Many = 200_000;
    private const long MostGrowth = 128 << 20;

    public static TheoryData<string, byte[]> Floods => new()
    {
        { "Pings", Http2Wire.Make(Http2Wire.Ping, 0, 0, new byte[8]) },
        { "Settings", Http2Wire.Make(Http2Wire.Settings, 0, 0, []) },
        { "EmptyFrames", Http2Wire.Make(Http2Wire.Priority, 0, 1, [0, 0, 0, 0, 1]) },
        { "EmptyFrames", Http2Wire.Make(type: 0xfa, 0, 0, new byte[100]) },
    };

    [KernelTheory]
    [MemberData(nameof(Floods))]
    public void Frames_that_cost_more_than_they_do_are_cut_off(string limit, byte[] frame) => AssertEnds(limit, wire => wire.TrySend(frame, Many));

    [KernelFact]
    public void Requests_that_are_taken_back_at_once_are_cut_off() => AssertEnds("Resets", wire =>
    {
        for (var stream = 1; stream < Many; stream += 2)
        {
            if (!wire.TrySend([.. Http2Wire.Request(stream, Http2Wire.Get()), .. Http2Wire.Make(Http2Wire.Reset, 0, stream, [0, 0, 0, 8])], 1))
                return false;
        }
        return true;
    });

    [KernelFact]
    public void Data_without_data_is_cut_off() => AssertEnds("EmptyFrames", wire =>
    {
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndHeaders, 1, Http2Wire.Block([(":method", "POST"), .. Http2Wire.Get()[1..]])));
        return wire.TrySend(Http2Wire.Make(Http2Wire.Data, 0, 1, []), Many);
    });

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Headers_in_very_many_pieces_are_cut_off(int length) => AssertEnds("Continuations", wire =>
    {
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndStream, 1, Http2Wire.Block(Http2Wire.Get())));
        // A zero begins a header; its name and value are of no length then.
        return wire.TrySend(Http2Wire.Make(Http2Wire.Continuation, 0, 1, new byte[length]), Many);
    });

    [KernelFact]
    public void Headers_that_go_on_and_on_are_cut_off() => AssertEnds("HeaderBytes", wire =>
    {
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndStream, 1, Http2Wire.Block(Http2Wire.Get())));
        return wire.TrySend(Http2Wire.Make(Http2Wire.Continuation, 0, 1, Http2Wire.Block(("x", new string('x', 15_000)))), 10);
    });

    [KernelFact]
    public void A_hundred_floods_at_once_leave_others_their_turn_and_memory_its_size()
    {
        scene.AssertServesOthers();
        var before = ProcessFacts.Resident(scene.Everyport.Id);
        var flood = Http2Wire.Make(Http2Wire.Ping, 0, 0, new byte[8]);
        scene.Namespace.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var wire = Http2Wire.Connect();
                wire.TrySend(flood, 5_000);
                if (i % 10 == 0)
                    scene.AssertServesOthers();
            }
        });
        Assert.InRange(ProcessFacts.Resident(scene.Everyport.Id), 0, before + MostGrowth);
    }

    [KernelFact]
    public void An_honest_client_may_ping_and_take_back_requests() => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        for (var stream = 1; stream < 100; stream += 2)
        {
            wire.Send([.. Http2Wire.Request(stream, Http2Wire.Get()), .. Http2Wire.Make(Http2Wire.Reset, 0, stream, [0, 0, 0, 8])]);
            wire.Send(Http2Wire.Make(Http2Wire.Ping, 0, 0, new byte[8]));
        }
        wire.Send(Http2Wire.Request(101, Http2Wire.Get("/after")));
        Assert.Equal("200", wire.Outcome(101));
    });

    private void AssertEnds(string limit, Func<Http2Wire, bool> flood)
    {
        var before = scene.Hits(limit);
        scene.Namespace.Run(() =>
        {
            using var wire = Http2Wire.Connect();
            if (flood(wire))
                Assert.Null(wire.ReceiveUntil(_ => false));
            scene.AssertServesOthers();
        });
        scene.AssertCounted(limit, before);
        scene.AssertLogsNoException();
    }
}
