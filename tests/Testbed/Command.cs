using System.Diagnostics;

namespace Everyport.Testbed;

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>What a program left behind.</summary>
    public sealed record Result(int ExitCode, string Output, string Error);

    /// <summary>Runs a program and returns its standard output; throws where it fails.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var result = Try(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}{result.Output}");
    }

    /// <summary>Runs a program that may fail, for 60 seconds at most.</summary>
    public static Result Try(string program, params string[] arguments) => Try(program, arguments, input: null);

    /// <summary>Runs a program that may fail with the given standard input.</summary>
    public static Result Try(string program, IEnumerable<string> arguments, string? input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within 60 seconds");
        }
        return new Result(process.ExitCode, output.Result, error.Result);
    }
}
