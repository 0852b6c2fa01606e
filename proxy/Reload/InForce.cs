namespace Everyport.Proxy.Reload;

/// <summary>
/// What is in force now. It never changes by itself; another one takes its place in one step, so that whoever reads it once
/// decides by the whole of one configuration.
/// </summary>
internal sealed class InForce<T>(T first) where T : class
{
    private volatile T _current = first;

    public T Current => _current;

    public void Replace(T next) => _current = next;
}
