namespace Everyport.Proxy.Reactors;

/// <summary>Several reactors, each with something that works on it.</summary>
internal sealed class ReactorGroup<T>(IReadOnlyList<ReactorMember<T>> members) : IDisposable
{
    private int _turn = -1;

    public IReadOnlyList<ReactorMember<T>> Members => members;

    /// <summary>One after the other.</summary>
    public ReactorMember<T> Next() => members[(int)((uint)Interlocked.Increment(ref _turn) % (uint)members.Count)];

    public void Start()
    {
        foreach (var member in members)
            member.Reactor.Start();
    }

    public void Dispose()
    {
        foreach (var member in members)
            member.Reactor.Dispose();
    }
}
