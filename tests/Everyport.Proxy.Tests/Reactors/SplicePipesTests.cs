using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Tests.Reactors;

public sealed class SplicePipesTests : IDisposable
{
    private readonly SplicePipes _pipes = new();

    public void Dispose() => _pipes.Dispose();

    [Fact]
    public void A_pipe_that_was_returned_empty_is_lent_again()
    {
        var pipe = _pipes.TryRent()!;
        _pipes.Return(pipe);
        Assert.Same(pipe, _pipes.TryRent());
    }

    [Fact]
    public void What_is_left_in_a_pipe_reaches_nobody_else()
    {
        var pipe = _pipes.TryRent()!;
        pipe.Length = 1;
        _pipes.Return(pipe);
        Assert.True(pipe.Read.IsClosed);
        Assert.NotSame(pipe, _pipes.TryRent());
    }

    [Fact]
    public void There_are_only_so_many()
    {
        var lent = new List<SplicePipe>();
        while (_pipes.TryRent() is { } pipe)
            lent.Add(pipe);
        Assert.InRange(lent.Count, 1, 64);
        _pipes.Return(lent[0]);
        Assert.NotNull(_pipes.TryRent());
        lent.ForEach(pipe => pipe.Dispose());
    }
}
