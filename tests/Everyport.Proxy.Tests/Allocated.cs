namespace Everyport.Proxy.Tests;

/// <summary>
/// What code allocates. The runtime allocates now and then on any thread, when code meets a type for the first time or is
/// compiled again; as that passes, the least of several runs is what the code does by itself.
/// </summary>
internal static class Allocated
{
    private const int Runs = 10;

    /// <summary>The bytes that a run allocates on this thread.</summary>
    public static long By(Action run) => Enumerable.Range(0, Runs).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
