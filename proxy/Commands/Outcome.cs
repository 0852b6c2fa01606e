using Everyport.Proxy.Admin;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Steering;

namespace Everyport.Proxy.Commands;

/// <summary>Turns what goes wrong into words and an exit code; a stack trace is for our own mistakes.</summary>
internal static class Outcome
{
    public static async Task<int> OfAsync(Func<Task<int>> command, bool verifierLog = false)
    {
        try
        {
            return await command();
        }
        catch (AdminClientException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Refused;
        }
        catch (Exception e) when (e is ConfigurationException or StartupException or SteeringException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            if (e is SteeringException { VerifierLog: { } log })
                await Console.Error.WriteLineAsync(verifierLog ? log : "With --verifier-log you see all that the verifier says.");
            return ExitCodes.CannotStart;
        }
    }

    public static Task<int> Of(Func<int> command) => OfAsync(() => Task.FromResult(command()));
}
