using System.CommandLine;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary>A verb of <c>steerctl</c>, with what its help and its part of the man page say.</summary>
internal sealed class Verb : Command
{
    private readonly CommonOptions _options;

    public Verb(CommonOptions options, string name, string description) : base(name, description) => _options = options;

    /// <summary>How it is called, without <c>steerctl</c>; empty where that follows from its arguments.</summary>
    public IReadOnlyList<string> Synopses { get; init; } = [];

    /// <summary>Paragraphs about what it does.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Command lines, without <c>steerctl</c>.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What <c>--json</c> prints, as a sentence.</summary>
    public string? Json { get; init; }

    /// <summary>Sets what it does; null is nothing to say.</summary>
    public void Does(Func<ParseResult, IReport?> action) => Does(action, _ => ExitCodes.Done);

    /// <summary>The same, where the exit code depends on what there is to say.</summary>
    public void Does<T>(Func<ParseResult, T?> action, Func<T, int> exitCode) where T : class, IReport => SetAction(result => Outcome.Of(_options.Outside, () =>
    {
        _options.Check(result);
        if (action(result) is not { } report)
            return ExitCodes.Done;
        Print(result, report);
        return exitCode(report);
    }));

    /// <summary>Sets what it does until it is stopped.</summary>
    public void Runs(Func<ParseResult, CancellationToken, Task<int>> action) => Runs(result => action(result, _options.Outside.WhenStopped()));

    /// <summary>The same, where it depends on the command line whether it has to be stopped.</summary>
    public void Runs(Func<ParseResult, Task<int>> action) => SetAction((result, _) => Outcome.OfAsync(_options.Outside, () =>
    {
        _options.Check(result);
        return action(result);
    }));

    private void Print(ParseResult result, IReport report)
    {
        if (result.GetValue(_options.Json))
            JsonText.Write(report, _options.Outside.Output);
        else
            report.WriteText(_options.Outside.Output);
    }
}
