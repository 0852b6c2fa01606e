using Everyport.Origin.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace Everyport.EndToEnd.Tests.Http.Rpc;

/// <summary>gRPC: the client and the server of .NET, and all four kinds of calls.</summary>
public abstract class RpcTests : IClassFixture<PartiesScene>, IDisposable
{
    private const int Port = 25_051;

    private readonly PartiesScene _scene;
    private readonly string _scheme;
    private readonly GrpcChannel _channel;
    private readonly Conversation.ConversationClient _client;

    protected RpcTests(PartiesScene scene, string scheme)
    {
        (_scene, _scheme) = (scene, scheme);
        _channel = GrpcChannel.ForAddress($"{scheme}://{PartiesScene.Address}:{Port}", new GrpcChannelOptions { HttpHandler = scene.NewHandler(), DisposeHttpClient = true, MaxReceiveMessageSize = null });
        _client = new Conversation.ConversationClient(_channel);
    }

    private static DateTime Patience => DateTime.UtcNow.AddSeconds(60);

    public void Dispose()
    {
        _channel.Dispose();
        GC.SuppressFinalize(this);
    }

    [KernelFact]
    public async Task A_unary_call_is_answered_with_its_headers_and_trailers()
    {
        using var call = _client.GreetAsync(new Said { Text = "you" }, new Metadata { { "asked-with", "care" } }, Patience);
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("hello, you", (await call).Text);
        Assert.NotNull(headers.GetValue("greeted-by"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("care", call.GetTrailers().GetValue("asked-with"));
        Assert.Equal([0, 1, 255], call.GetTrailers().GetValueBytes("bytes-bin")!);
    }

    [KernelFact]
    public async Task A_message_of_many_mebibytes_arrives_and_comes_back()
    {
        var text = new string('x', 20 << 20);
        Assert.Equal($"hello, {text}", (await _client.GreetAsync(new Said { Text = text }, deadline: Patience)).Text);
    }

    [KernelFact]
    public async Task What_the_client_streams_is_answered_once()
    {
        using var call = _client.Sum(deadline: Patience);
        for (var i = 1; i <= 1000; i++)
            await call.RequestStream.WriteAsync(new Number { Value = i });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(500_500, (await call).Value);
    }

    [KernelFact]
    public async Task What_the_server_streams_arrives_in_order()
    {
        using var call = _client.Count(new Number { Value = 10_000 }, deadline: Patience);
        var expected = 0L;
        await foreach (var number in call.ResponseStream.ReadAllAsync())
            Assert.Equal(++expected, number.Value);
        Assert.Equal(10_000, expected);
    }

    [KernelFact]
    public async Task In_a_conversation_each_word_is_answered_before_the_next_is_said()
    {
        using var call = _client.Converse(deadline: Patience);
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Said { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [KernelFact]
    public async Task Calls_share_a_connection_without_waiting_for_each_other()
    {
        using var waiting = _client.Converse(deadline: Patience);
        await waiting.RequestStream.WriteAsync(new Said { Text = "first" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _client.GreetAsync(new Said { Text = $"{i}" }, deadline: Patience).ResponseAsync));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"hello, {i}"), answers.Select(answer => answer.Text));
        Assert.True(await waiting.ResponseStream.MoveNext());
    }

    [KernelFact]
    public async Task A_failure_has_its_status_its_details_and_its_trailers()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await _client.FailAsync(new Said { Text = "body" }, deadline: Patience));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal("no body, süß", failure.Status.Detail);
        Assert.Equal("test", failure.Trailers.GetValue("reason"));
    }

    [KernelFact]
    public async Task The_deadline_reaches_the_origin()
    {
        Assert.InRange((await _client.DeadlineAsync(new Said(), deadline: DateTime.UtcNow.AddSeconds(1000))).Value, 900, 1000);
        Assert.Equal(-1, (await _client.DeadlineAsync(new Said())).Value);
    }

    [KernelFact]
    public async Task A_deadline_that_passes_ends_the_call_on_both_sides()
    {
        var name = $"deadline-{_scheme}";
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var call = _client.Wait(new Said { Text = name }, deadline: DateTime.UtcNow.AddSeconds(3));
            while (await call.ResponseStream.MoveNext())
            {
            }
        });
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        // On a machine so busy that it was over before it reached the origin, there is nothing to cancel.
        Eventually.Holds(() => !_scene.Origin.HasNoted($"began {name}") || _scene.Origin.HasNoted($"cancelled {name}"), "the origin goes on");
    }

    [KernelFact]
    public async Task A_call_that_the_client_cancels_is_cancelled_at_the_origin()
    {
        var name = $"cancelled-{_scheme}";
        using var cancel = new CancellationTokenSource();
        using var call = _client.Wait(new Said { Text = name }, cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await cancel.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        _scene.Origin.AssertNotes($"cancelled {name}");
    }

    [KernelFact]
    public async Task A_method_that_the_origin_lacks_is_said_to_be_unimplemented()
    {
        var method = new Method<Said, Said>(MethodType.Unary, "everyport.origin.Conversation", "Missing", Marshaller<Said>(), Marshaller<Said>());
        var call = _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(deadline: Patience), new Said());
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);

        static Marshaller<T> Marshaller<T>() where T : Google.Protobuf.IMessage<T>, new() => Marshallers.Create(
            message => Google.Protobuf.MessageExtensions.ToByteArray(message), bytes => new Google.Protobuf.MessageParser<T>(() => new T()).ParseFrom(bytes));
    }
}
