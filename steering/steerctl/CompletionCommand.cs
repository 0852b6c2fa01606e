using System.CommandLine;
using Everyport.Steering.Cli.Help;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommonOptions options)
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", CompletionScripts.Shells) };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var verb = new Verb(options, "completion", "Prints what a shell needs to complete command lines")
        {
            Examples = ["completion bash > /etc/bash_completion.d/steerctl", "completion fish > ~/.config/fish/completions/steerctl.fish"],
            Json = "an object with shell and script.",
        };
        verb.Add(shell);
        verb.Does(result =>
        {
            var name = result.GetRequiredValue(shell);
            return new Report(CompletionScripts.For(name), json =>
            {
                json.WriteString("shell", name);
                json.WriteString("script", CompletionScripts.For(name));
            });
        });
        return verb;
    }
}
