using Grpc.Core;

namespace Everyport.Origin.Rpc;

/// <summary>All four kinds of calls of gRPC, and their ends.</summary>
internal sealed class OriginService : Conversation.ConversationBase
{
    public override async Task<Said> Greet(Said request, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "greeted-by", context.Host } });
        context.ResponseTrailers.Add("asked-with", context.RequestHeaders.GetValue("asked-with") ?? "");
        context.ResponseTrailers.Add("bytes-bin", [0, 1, 255]);
        return new Said { Text = $"hello, {request.Text}" };
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        var sum = new Number();
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken))
            sum.Value += number.Value;
        return sum;
    }

    public override async Task Count(Number request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        for (var i = 1L; i <= request.Value; i++)
            await responseStream.WriteAsync(new Number { Value = i }, context.CancellationToken);
    }

    public override async Task Converse(IAsyncStreamReader<Said> requestStream, IServerStreamWriter<Said> responseStream, ServerCallContext context)
    {
        await foreach (var said in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(said, context.CancellationToken);
    }

    public override Task<Said> Fail(Said request, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.NotFound, $"no {request.Text}, süß"), new Metadata { { "reason", "test" } });

    public override Task<Number> Deadline(Said request, ServerCallContext context) =>
        Task.FromResult(new Number { Value = context.Deadline == DateTime.MaxValue ? -1 : (long)(context.Deadline - DateTime.UtcNow).TotalSeconds });

    public override async Task Wait(Said request, IServerStreamWriter<Said> responseStream, ServerCallContext context)
    {
        Note.Write("began", request.Text);
        await responseStream.WriteAsync(request, context.CancellationToken);
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            Note.Write("cancelled", request.Text);
        }
    }
}
