using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// A request on its way from destination to destination: where it has been, and whether it may go on. A feature of the
/// request, so that an answer can be discarded before it begins.
/// </summary>
internal sealed class Attempt(HttpContext context, IReverseProxyFeature proxy, RoutePlan plan)
{
    private readonly List<DestinationState> _tried = [];
    private readonly bool _mayMove = Affinity.MayMove(proxy);
    private IReadOnlyList<DestinationState>? _next;

    /// <summary>Why the last destination was given up, while the request goes on to another one.</summary>
    public HttpErrorReason? GivenUp { get; private set; }

    /// <summary>What came of it, where anything had to be decided.</summary>
    public RetryOutcome? Outcome { get; private set; }

    /// <summary>Where to go next; those that have not been tried, and that take requests.</summary>
    public IReadOnlyList<DestinationState> TakeNext()
    {
        var next = _next!;
        (_next, GivenUp) = (null, null);
        return next;
    }

    /// <summary>Decides when an attempt has ended.</summary>
    public bool GoesOn()
    {
        if (GivenUp is null && !context.Response.HasStarted && HttpErrorFinder.Find(context) is { } reason)
            Decide(reason, IsUnsent());
        if (GivenUp is null && Outcome is null && _tried.Count > 0)
            Outcome = HttpErrorFinder.Find(context) is null ? RetryOutcome.Succeeded : RetryOutcome.Failed;
        return GivenUp is not null;
    }

    /// <summary>Decides when an answer is there whose status says that another destination may do better; true where it is discarded.</summary>
    public bool Discards(int status)
    {
        if (plan.Rules.Statuses.Contains(status))
            Decide(HttpErrorReason.UpstreamFailed, isUnsent: false, isWanted: true);
        return GivenUp is not null;
    }

    private void Decide(HttpErrorReason reason, bool isUnsent, bool isWanted = false)
    {
        if (isUnsent)
            reason = HttpErrorReason.ConnectFailed;
        if (!isWanted && !plan.Rules.Reasons.Contains(reason) || !isUnsent && !IsRepeatable())
            return;
        if (proxy.ProxiedDestination is not { } destination || context.RequestAborted.IsCancellationRequested)
            return;
        _tried.Add(destination);
        if (_tried.Count >= plan.Rules.Attempts)
            Outcome = RetryOutcome.Failed;
        else if (!_mayMove || FindUntried() is not { Count: > 0 } untried)
            Outcome = RetryOutcome.NoDestinationLeft;
        // What nobody has seen costs nobody anything: a retry of it is no additional load.
        else if (!isUnsent && !plan.Budget.TrySpend())
            Outcome = RetryOutcome.OverBudget;
        else
            (_next, GivenUp) = (untried, reason);
    }

    private List<DestinationState> FindUntried() =>
        [.. proxy.Route.Cluster!.DestinationsState.AvailableDestinations.Where(destination => !_tried.Contains(destination) && plan.Circuits?.IsOpen(destination) != true)];

    private bool IsUnsent() =>
        context.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request, Exception: { } exception } && HttpErrorFinder.IsConnectFailure(exception);

    /// <summary>It may be sent twice, and nothing of it has been used up.</summary>
    private bool IsRepeatable() =>
        Methods.AreIdempotent(context.Request.Method)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false
        && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true;
}
