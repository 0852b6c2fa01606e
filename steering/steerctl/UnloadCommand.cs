using System.CommandLine;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl unload</c>: detaches a steering, and removes all that it has pinned.</summary>
internal static class UnloadCommand
{
    public static Command Create(CommonOptions options)
    {
        var force = new Option<bool>("--force", "-f") { Description = "Also where others use it, and where its state cannot be read" };
        var verb = new Verb(options, "unload", "Detaches a steering, and removes it with its rules, counters and routes")
        {
            Details = ["From then on every lookup is normal again; established connections go on. Without --force it is refused while rules of other programs are in force; sockets that are registered for rules of your own do not count. Where nothing is loaded there is nothing to do."],
            Examples = ["unload"],
            Json = "an object with unloaded (whether it was done now) and pinPath.",
        };
        verb.Add(force);
        verb.Does(result =>
        {
            var steering = options.Read(result);
            using var control = SteeringControl.Open(steering);
            var unloaded = control.Unload(result.GetValue(force));
            if (!unloaded)
                options.Outside.Error.WriteLine($"Nothing is loaded in '{steering.PinPath}'; nothing to do.");
            return new Report(unloaded ? $"unloaded {steering.PinPath}" : null, json =>
            {
                json.WriteBoolean("unloaded", unloaded);
                json.WriteString("pinPath", steering.PinPath);
            });
        });
        return verb;
    }
}
