namespace Everyport.Proxy.Reload;

/// <summary>
/// Gives up what a reload has replaced, when nobody can be on the way to it any more: a connection that was decided
/// before has been handed over by then.
/// </summary>
internal static class Grace
{
    /// <summary>Longer than the deadlines for first bytes, handshakes and dials are, as a rule.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public static async void Then(Action giveUp, TimeProvider time)
    {
        await Task.Delay(Period, time);
        try
        {
            giveUp();
        }
        catch (Exception)
        {
            // Nobody waits for it, and what is in force needs nothing of it: the memory comes back anyway.
        }
    }
}
