using System.CommandLine;
using System.Text.Json;
using Everyport.Proxy.Admin;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport status</c>.</summary>
internal static class StatusCommand
{
    private const string Path = "/api/status";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(SettingsSource settings)
    {
        var json = JsonOption.Create();
        var watch = new Option<bool>("--watch", "-w") { Description = "Shows it again each second, until Ctrl-C" };
        var command = settings.AllowIn(new Command("status", "Tells what the running proxy has open, how destinations are, and what was turned away") { json, watch });
        command.SetAction((result, stopping) => Outcome.OfAsync(async () =>
        {
            using var client = new AdminClient(settings.FindAdmin(result));
            var answer = await client.AskAsync(HttpMethod.Get, Path, stopping);
            if (!answer.IsGood)
                throw new AdminClientException($"The proxy is not ready: {answer.Body.Trim()}.");
            if (!result.GetValue(watch))
                AdminRequest.Print(answer, result.GetValue(json));
            else if (result.GetValue(json))
                await WatchJsonAsync(client, answer, stopping);
            else
                await WatchAsync(client, answer, stopping);
            return ExitCodes.Good;
        }));
        return command;
    }

    /// <summary>One line each second.</summary>
    private static async Task WatchJsonAsync(AdminClient client, AdminAnswer answer, CancellationToken stopping)
    {
        for (; ; answer = await client.AskAsync(HttpMethod.Get, Path, stopping))
        {
            using var document = JsonDocument.Parse(answer.Body);
            Console.WriteLine(JsonSerializer.Serialize(document.RootElement));
            if (!await WaitAsync(stopping))
                return;
        }
    }

    private static Task WatchAsync(AdminClient client, AdminAnswer answer, CancellationToken stopping) => AnsiConsole.Live(Render(answer)).StartAsync(async display =>
    {
        while (await WaitAsync(stopping))
            display.UpdateTarget(Render(await client.AskAsync(HttpMethod.Get, Path, stopping)));
    });

    private static IRenderable Render(AdminAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return StateView.Of(document.RootElement);
    }

    private static async Task<bool> WaitAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }
}
