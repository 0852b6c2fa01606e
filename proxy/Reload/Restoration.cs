namespace Everyport.Proxy.Reload;

/// <summary>Goes back to what was in force, step by step: what fails keeps no other step from its turn, and does not hide why it was necessary.</summary>
internal static class Restoration
{
    /// <summary>Runs all steps in their order.</summary>
    /// <param name="cause">Why what was in force has to come back.</param>
    /// <param name="steps">Each puts a part back.</param>
    /// <exception cref="AggregateException">Something has failed; the first of its inner exceptions is the cause.</exception>
    public static async Task RunAsync(Exception cause, IReadOnlyList<Func<Task>> steps)
    {
        var failures = new List<Exception>();
        foreach (var step in steps)
        {
            try
            {
                await step();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }
        if (failures.Count > 0)
            throw new AggregateException("The configuration could not be put in force, and not all of what was in force before could be put back: restart the proxy.", [cause, .. failures]);
    }
}
