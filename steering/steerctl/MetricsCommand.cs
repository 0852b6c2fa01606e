using System.CommandLine;
using System.Globalization;
using System.Net;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Cli.Scraping;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl metrics</c>.</summary>
internal static class MetricsCommand
{
    public static Command Create(CommonOptions options)
    {
        var listen = new Option<string?>("--listen") { Description = "Answers scrapes at http://ADDRESS:PORT/metrics until it is stopped; a port alone is one of 127.0.0.1", HelpName = "[ADDRESS:]PORT" };
        var verb = new Verb(options, "metrics", "Prints what status counts for Prometheus, or serves it")
        {
            Details =
            [
                "The names begin with steerctl_; labels are services, protocols, families and owners, never ports or addresses. Each scrape reads the steering anew, and goes on when it is unloaded and loaded again. "
                + "A scrape that cannot read it is answered with 500 and the reason, and counted (steerctl_scrapes_failed_total).",
            ],
            Examples = ["metrics --listen 127.0.0.1:9466", "metrics > /var/lib/node_exporter/steerctl.prom"],
            Json = "an object with listening, where it listens; otherwise metrics, the text.",
        };
        verb.Add(listen);
        verb.Runs(async result =>
        {
            var address = result.GetValue(listen) is { } text ? ParseAddress(text) : null;
            using var control = SteeringControl.Open(options.Read(result));
            var version = ProgramVersion.Read().Version;
            if (address is null)
            {
                var metrics = MetricsText.Of(control.Read(), version, failedScrapes: 0);
                Print(result.GetValue(options.Json), "metrics", metrics, options.Outside);
                return ExitCodes.Done;
            }
            var stopping = options.Outside.WhenStopped();
            using var server = new MetricsServer(address);
            Print(result.GetValue(options.Json), "listening", $"http://{server.Address}/metrics", options.Outside);
            await server.RunAsync(new Scraper(control.Read, version).Scrape, stopping);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static void Print(bool isJson, string property, string text, Surroundings outside)
    {
        var report = new Report(text.TrimEnd('\n'), json => json.WriteString(property, text));
        if (isJson)
            JsonText.Write(report, outside.Output);
        else
            report.WriteText(outside.Output);
        outside.Output.Flush();
    }

    private static IPEndPoint ParseAddress(string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new IPEndPoint(IPAddress.Loopback, port);
        var hasPort = text.LastIndexOf(':') > text.LastIndexOf(']') && (text.StartsWith('[') || text.Count(c => c == ':') == 1);
        return hasPort && IPEndPoint.TryParse(text, out var address)
            ? address
            : throw new BadInputException($"'{text}' (--listen) is not an address with a port such as '127.0.0.1:9466' or '[::1]:9466'.");
    }
}
