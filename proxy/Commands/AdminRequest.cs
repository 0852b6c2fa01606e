using System.CommandLine;
using System.Text.Json;
using Everyport.Proxy.Admin;
using Spectre.Console;

namespace Everyport.Proxy.Commands;

/// <summary>Commands that ask the running proxy for one thing, and print what it answers.</summary>
internal static class AdminRequest
{
    /// <summary>Lines of a file can be as long as tables need.</summary>
    private const int WidthOfFiles = 1000;

    public static Command CreateCommand(SettingsSource settings, string name, string description, HttpMethod method, string path)
    {
        var json = JsonOption.Create();
        var command = settings.AllowIn(new Command(name, description) { json });
        command.SetAction((result, stopping) => Outcome.OfAsync(async () =>
        {
            using var client = new AdminClient(settings.FindAdmin(result));
            var answer = await client.AskAsync(method, path, stopping);
            Print(answer, result.GetValue(json));
            return answer.IsGood ? ExitCodes.Good : ExitCodes.Refused;
        }));
        return command;
    }

    /// <summary>To standard output; what is refused goes to standard error, unless a program reads it.</summary>
    public static void Print(AdminAnswer answer, bool asJson)
    {
        if (asJson || Parse(answer.Body) is not { } document)
        {
            (answer.IsGood || asJson ? Console.Out : Console.Error).WriteLine(answer.Body.TrimEnd());
            return;
        }
        using (document)
        {
            var console = answer.IsGood ? AnsiConsole.Console : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            if (answer.IsGood ? Console.IsOutputRedirected : Console.IsErrorRedirected)
                console.Profile.Width = WidthOfFiles;
            console.Write(StateView.Of(document.RootElement));
        }
    }

    private static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
