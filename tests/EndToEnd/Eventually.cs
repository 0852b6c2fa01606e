using System.Diagnostics;

namespace Everyport.EndToEnd.Tests;

/// <summary>Waits for what comes about behind the back of the test, with generous patience: nothing here measures time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns as soon as the condition holds; fails with <paramref name="otherwise"/> where it never does.</summary>
    public static void Holds(Func<bool> condition, Func<string> otherwise)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); Thread.Sleep(Pause))
        {
            if (waited.Elapsed > Patience)
                Assert.Fail(otherwise());
        }
    }

    public static void Holds(Func<bool> condition, string otherwise) => Holds(condition, () => otherwise);
}
