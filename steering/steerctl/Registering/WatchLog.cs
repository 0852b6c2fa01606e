using Everyport.Steering.Cli.Output;
using Everyport.Steering.Registration;

namespace Everyport.Steering.Cli.Registering;

/// <summary>Writes each change as a line, at once.</summary>
internal sealed class WatchLog(Surroundings outside, bool isJson)
{
    public void Write(IReadOnlyList<WatchEvent> events)
    {
        foreach (var change in events)
            Write(change.Service, NameOf(change.Kind), change.Message);
    }

    public void WriteUnregistered(IEnumerable<string> services)
    {
        foreach (var service in services)
            Write(service, "unregistered", "unregistered");
    }

    private void Write(string service, string kind, string message)
    {
        var report = new Report($"{service}: {message}", json =>
        {
            json.WriteString("time", outside.Clock.GetUtcNow());
            json.WriteString("service", service);
            json.WriteString("kind", kind);
            json.WriteString("message", message);
        });
        if (isJson)
            JsonText.Write(report, outside.Output, oneLine: true);
        else
            report.WriteText(outside.Output);
        outside.Output.Flush();
    }

    private static string NameOf(WatchEventKind kind) => kind switch
    {
        WatchEventKind.Registered => "registered",
        WatchEventKind.Waiting => "waiting",
        WatchEventKind.Yielded => "yielded",
        _ => "failed",
    };
}
