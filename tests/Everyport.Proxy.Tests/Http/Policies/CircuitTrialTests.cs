using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Tests.Http.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace Everyport.Proxy.Tests.Http.Policies;

/// <summary>What the end of a request tells about its destination.</summary>
public class CircuitTrialTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(101, true)]
    [InlineData(404, true)]
    [InlineData(429, true)]
    [InlineData(500, true)] // it is there, and answers
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    public void An_answer_is_a_success_unless_it_says_that_there_is_nobody_to_give_one(int status, bool succeeded)
    {
        var context = ErrorContexts.New();
        context.Response.StatusCode = status;
        Assert.Equal(succeeded, CircuitTrial.HasSucceeded(context));
    }

    [Theory]
    [InlineData(ForwarderError.Request, false)]
    [InlineData(ForwarderError.RequestTimedOut, false)]
    [InlineData(ForwarderError.RequestBodyDestination, false)]
    [InlineData(ForwarderError.ResponseHeaders, false)]
    [InlineData(ForwarderError.ResponseBodyDestination, false)]
    [InlineData(ForwarderError.UpgradeResponseDestination, false)]
    [InlineData(ForwarderError.RequestBodyClient, null)]
    [InlineData(ForwarderError.ResponseBodyClient, null)]
    [InlineData(ForwarderError.RequestCanceled, null)]
    [InlineData(ForwarderError.NoAvailableDestinations, null)]
    public void A_failure_counts_where_it_is_the_destinations(ForwarderError error, bool? succeeded)
    {
        var context = ErrorContexts.New();
        context.Features.Set<IForwarderErrorFeature>(new Failure(error));
        Assert.Equal(succeeded, CircuitTrial.HasSucceeded(context));
    }

    [Theory]
    [InlineData(ForwarderError.Request, null)]
    [InlineData(ForwarderError.RequestTimedOut, null)]
    [InlineData(ForwarderError.ResponseBodyDestination, false)]
    public void Where_the_client_has_left_only_what_the_destination_broke_off_counts(ForwarderError error, bool? succeeded)
    {
        var context = ErrorContexts.New();
        context.RequestAborted = new CancellationToken(canceled: true);
        context.Features.Set<IForwarderErrorFeature>(new Failure(error));
        Assert.Equal(succeeded, CircuitTrial.HasSucceeded(context));
    }

    private sealed record Failure(ForwarderError Error) : IForwarderErrorFeature
    {
        public Exception? Exception => null;
    }
}
