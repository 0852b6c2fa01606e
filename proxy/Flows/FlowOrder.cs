namespace Everyport.Proxy.Flows;

/// <summary>Flows in the order of their last use. The links are in the flows: to move one takes no memory.</summary>
internal sealed class FlowOrder
{
    private Flow? _newest;

    /// <summary>The flow that is idle for longest.</summary>
    public Flow? Oldest { get; private set; }

    public int Count { get; private set; }

    public void Add(Flow flow)
    {
        (flow.Order, flow.Older, flow.Newer) = (this, _newest, null);
        _newest?.Newer = flow;
        _newest = flow;
        Oldest ??= flow;
        Count++;
    }

    public void Remove(Flow flow)
    {
        if (flow.Newer is { } newer)
            newer.Older = flow.Older;
        else
            _newest = flow.Older;
        if (flow.Older is { } older)
            older.Newer = flow.Newer;
        else
            Oldest = flow.Newer;
        (flow.Order, flow.Older, flow.Newer) = (null, null, null);
        Count--;
    }

    /// <summary>The flow has just been used.</summary>
    public void Touch(Flow flow)
    {
        if (flow == _newest)
            return;
        Remove(flow);
        Add(flow);
    }
}
