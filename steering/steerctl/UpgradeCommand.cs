using System.CommandLine;
using System.Globalization;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl upgrade</c>.</summary>
internal static class UpgradeCommand
{
    public static Command Create(CommonOptions options)
    {
        var verb = new Verb(options, "upgrade", "Converts a steering to the layout and the program of this version")
        {
            Details = ["Rules, sockets and counters are kept, and no lookup is lost: the kernel goes over to the new program in one step. Needs CAP_BPF and CAP_NET_ADMIN."],
            Examples = ["upgrade"],
            Json = "an object with pinPath, from and to (layouts), and sockets (how many slots were moved to new maps).",
        };
        verb.Does(result =>
        {
            var steering = options.Read(result);
            using var control = SteeringControl.Open(steering);
            var done = control.Upgrade();
            var what = done.From == done.To ? $"layout {done.To} as before" : $"from layout {done.From} to {done.To}, {done.Sockets} sockets moved";
            return new Report(string.Create(CultureInfo.InvariantCulture, $"upgraded {steering.PinPath}: {what}"), json =>
            {
                json.WriteString("pinPath", steering.PinPath);
                json.WriteNumber("from", done.From);
                json.WriteNumber("to", done.To);
                json.WriteNumber("sockets", done.Sockets);
            });
        });
        return verb;
    }
}
