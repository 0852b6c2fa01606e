using System.Text;
using System.Text.Json;
using Everyport.Steering.Cli;

namespace Everyport.Steering.Tests.Cli;

/// <summary>Runs <c>steerctl</c> within the test.</summary>
internal sealed class Terminal
{
    /// <summary>What a command line left behind.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public JsonElement Json => JsonElement.Parse(Output);
    }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Options that each command line gets.</summary>
    public IReadOnlyList<string> Always { get; init; } = [];

    public string Input { get; init; } = "";

    public Result Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var outside = new Surroundings
        {
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Environment = name => Environment.GetValueOrDefault(name),
        };
        return new Result(SteerctlCommand.Run([.. arguments, .. Always], outside), output.ToString(), error.ToString());
    }

    /// <summary>Runs what must succeed, and say nothing but its result.</summary>
    public Result Do(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result is { ExitCode: 0, Error: "" }, $"steerctl {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}{result.Output}");
        return result;
    }
}
