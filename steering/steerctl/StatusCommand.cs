using System.CommandLine;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Cli.Status;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl status</c>.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(CommonOptions options)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Shows it again each second, until Ctrl-C; with --json an object on a line of its own" };
        var verb = new Verb(options, "status", "Shows the rules, the services with their sockets, and what was counted")
        {
            Details =
            [
                "Rules are in the order in which they decide about an address: the longest prefix first, then the fewest ports; those of guard rails have no owner. Hits are the lookups that the whole rule has decided, for all of its prefixes. "
                + "Steered are lookups that a socket of the service got, refused those for which it had none, errors those of which the kernel took none. A lookup is a new TCP connection, or a UDP datagram that no connected socket takes.",
                "Needs no capability where the pins may be read.",
            ],
            Examples = ["status", "status --json | jq -r '.services[] | select(.ipv4 == []) | .name'"],
            Json = StatusReport.Json,
        };
        verb.Add(watch);
        verb.Runs(async result =>
        {
            var steering = options.Read(result);
            using var control = SteeringControl.Open(steering);
            var isJson = result.GetValue(options.Json);
            if (result.GetValue(watch))
                await WatchAsync(() => Read(control, steering), isJson, options.Outside, options.Outside.WhenStopped());
            else
                Show(Read(control, steering), isJson, oneLine: false, options.Outside.Output);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static StatusReport Read(SteeringControl control, SteeringOptions steering) => new(steering.PinPath!, control.Read());

    private static async Task WatchAsync(Func<StatusReport> read, bool isJson, Surroundings outside, CancellationToken stopping)
    {
        const string HomeAndClear = "\e[H\e[J";
        var redraws = !isJson && outside.IsTerminal();
        using var timer = new PeriodicTimer(Interval, outside.Clock);
        try
        {
            do
            {
                if (redraws)
                    outside.Output.Write(HomeAndClear);
                Show(read(), isJson, oneLine: true, outside.Output);
                await outside.Output.FlushAsync(stopping);
            }
            while (!outside.NobodyReads() && await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private static void Show(StatusReport report, bool isJson, bool oneLine, TextWriter output)
    {
        if (isJson)
            JsonText.Write(report, output, oneLine);
        else
            report.WriteText(output);
    }
}
