using System.Diagnostics;

namespace Everyport.Proxy.Tests;

/// <summary>Waits for what happens on other threads.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static void Eventually(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Longest, "it has not come about");
            Thread.Sleep(1);
        }
    }
}
