namespace Everyport.EndToEnd.Tests.Program;

/// <summary>A namespace and what runs in it, for all tests of a class. Everything ends in the reverse order of its start.</summary>
public abstract class Scene : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    protected Scene() => Namespace = Own(new NetworkNamespace());

    public NetworkNamespace Namespace { get; }

    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
        GC.SuppressFinalize(this);
    }

    protected T Own<T>(T owned) where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    /// <summary>Sets up everything, or leaves nothing behind.</summary>
    protected void Arrange(Action arrange)
    {
        try
        {
            arrange();
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
