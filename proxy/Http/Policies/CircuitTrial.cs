using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>A request that tells whether a destination is well again: when its answer begins, however long that goes on.</summary>
internal sealed class CircuitTrial
{
    private readonly ClusterCircuits _circuits;
    private readonly DestinationState _destination;
    private int _hasEnded;

    private CircuitTrial(ClusterCircuits circuits, DestinationState destination) => (_circuits, _destination) = (circuits, destination);

    public static CircuitTrial Start(ClusterCircuits circuits, DestinationState destination, HttpContext context)
    {
        var trial = new CircuitTrial(circuits, destination);
        context.Response.OnStarting(() =>
        {
            trial.End(HasSucceeded(context));
            return Task.CompletedTask;
        });
        return trial;
    }

    /// <summary>The first time counts. Null says nothing about the destination.</summary>
    public void End(bool? succeeded)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
            _circuits.EndTrial(_destination, succeeded);
    }

    /// <summary>A destination fails where it does not answer, breaks off, or says that it is unable to serve. Null where the client left.</summary>
    public static bool? HasSucceeded(HttpContext context) => context.Features.Get<IForwarderErrorFeature>()?.Error switch
    {
        _ when context.Features.Get<HttpErrorFeature>() is not null => null, // the proxy has answered by itself
        null or ForwarderError.None =>
            context.Response.StatusCode is not (StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout),
        ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => false,
        _ when context.RequestAborted.IsCancellationRequested => null,
        ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders => false,
        _ => null,
    };
}
