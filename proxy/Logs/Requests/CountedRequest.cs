using Microsoft.AspNetCore.Http.Features;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Counts what has been read of the body of a request.</summary>
internal sealed class CountedRequest(Stream inner) : PassingStream(inner)
{
    public long Bytes { get; private set; }

    /// <summary>Null where there is no body.</summary>
    public static CountedRequest? Observe(IFeatureCollection features)
    {
        if (features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return null;
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var observed = new CountedRequest(request.Body);
        request.Body = observed;
        return observed;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = base.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully)
            return CountAsync(read);
        var count = read.Result;
        Bytes += count;
        return new ValueTask<int>(count);
    }

    private async ValueTask<int> CountAsync(ValueTask<int> read)
    {
        var count = await read;
        Bytes += count;
        return count;
    }
}
