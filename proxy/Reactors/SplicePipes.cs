namespace Everyport.Proxy.Reactors;

/// <summary>The pipes of a reactor: lent to the directions that move most, and few enough to bound what they hold.</summary>
internal sealed class SplicePipes : IDisposable
{
    /// <summary>Others go without: they copy, which is not much slower.</summary>
    private const int Most = 64;

    private readonly Stack<SplicePipe> _free = [];
    private int _lent;

    /// <summary>An empty pipe, or null where there is none.</summary>
    public SplicePipe? TryRent()
    {
        if (_lent >= Most || (_free.TryPop(out var pipe) ? pipe : SplicePipe.TryCreate()) is not { } rented)
            return null;
        _lent++;
        return rented;
    }

    /// <summary>Takes a pipe back. One that still holds bytes is of no use to anybody else.</summary>
    public void Return(SplicePipe pipe)
    {
        _lent--;
        if (pipe.Length == 0)
            _free.Push(pipe);
        else
            pipe.Dispose();
    }

    public void Dispose()
    {
        while (_free.TryPop(out var pipe))
            pipe.Dispose();
    }
}
