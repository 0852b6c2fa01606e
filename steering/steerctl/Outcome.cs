namespace Everyport.Steering.Cli;

/// <summary>Turns what goes wrong into words and an exit code; a stack trace is for our own mistakes.</summary>
internal static class Outcome
{
    public static int Of(Surroundings outside, Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (Exception e) when (Explain(e) is var (message, code))
        {
            outside.Error.WriteLine(message);
            return code;
        }
    }

    public static async Task<int> OfAsync(Surroundings outside, Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (Exception e) when (Explain(e) is var (message, code))
        {
            await outside.Error.WriteLineAsync(message);
            return code;
        }
    }

    private static (string Message, int Code)? Explain(Exception e) => e switch
    {
        BadInputException => (e.Message, ExitCodes.BadInput),
        SteeringException => (e.Message, ExitCodes.Refused),
        DllNotFoundException => ("Cannot steer: libbpf.so.1 is not installed (run 'apt-get install libbpf1').", ExitCodes.Refused),
        _ => null,
    };
}
