namespace Everyport.Proxy.Reactors;

/// <summary>Brings async methods back to their reactor after they have awaited something from elsewhere.</summary>
internal sealed class ReactorContext(Reactor reactor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (reactor.IsCurrent)
            reactor.Enqueue(new Action<object?>(d), state);
        else
            reactor.Post(new Action<object?>(d), state);
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A reactor never waits for itself.");

    public override SynchronizationContext CreateCopy() => this;
}
