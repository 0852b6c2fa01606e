using System.CommandLine;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl load</c>: pins a steering, and attaches it to its namespace.</summary>
internal static class LoadCommand
{
    public static Command Create(CommonOptions options)
    {
        var noRoutes = new Option<bool>("--no-local-routes") { Description = "Adds no local routes for steered prefixes: something else has to make them local" };
        var noPorts = new Option<bool>("--no-port-counters") { Description = "Does not count lookups by port" };
        var noRules = new Option<bool>("--no-rule-counters") { Description = "Does not count lookups by the rule that decides them" };
        var takeListeners = new Option<bool>("--take-listeners") { Description = "Lets rules for all ports take ports on which other programs listen" };
        var takeEphemeral = new Option<bool>("--take-ephemeral-ports") { Description = "Lets rules for all UDP ports take those to which answers to local clients come" };
        var group = new Option<string?>("--group") { Description = "The group, by name or number, whose members may read the steering ('status', 'explain', 'metrics') without a capability", HelpName = "GROUP" };
        var groupWrites = new Option<bool>("--group-writes") { Description = "Lets members of --group register sockets for services as well" };
        var verb = new Verb(options, "load", "Pins a steering without rules, and attaches it to the network namespace")
        {
            Details =
            [
                "It stays when the command ends, until 'unload', or the end of the namespace. Where it is loaded already, options that are given hold for it from now on; without any there is nothing to do. Needs CAP_BPF and CAP_NET_ADMIN.",
                "Without the options --take-*, guard rails keep rules for all ports from what they would take by accident: ports on which other programs listen on addresses of this machine, as sshd does, and the ephemeral UDP ports of those addresses.",
            ],
            Examples = ["load", "load --netns blue", "load --group nginx --group-writes"],
            Json = "an object with loaded (whether it was done now), changed (whether options have changed one that was loaded already) and pinPath.",
        };
        foreach (var option in (Option[])[noRoutes, noPorts, noRules, takeListeners, takeEphemeral, group, groupWrites])
            verb.Add(option);
        verb.Does(result =>
        {
            if (result.GetValue(groupWrites) && result.GetValue(group) is null)
                throw new BadInputException("--group-writes needs --group: whose members are meant?");
            var steering = options.Read(result) with
            {
                LocalRoutes = !result.GetValue(noRoutes),
                CountPorts = !result.GetValue(noPorts),
                CountRules = !result.GetValue(noRules),
                LeaveExistingListeners = !result.GetValue(takeListeners),
                LeaveEphemeralPorts = !result.GetValue(takeEphemeral),
                PinGroup = result.GetValue(group),
                PinGroupWrites = result.GetValue(groupWrites),
            };
            using var control = SteeringControl.Open(steering);
            var loaded = control.Load(out var changed);
            if (!loaded && !changed)
                options.Outside.Error.WriteLine($"It is loaded already in '{steering.PinPath}'; nothing to do.");
            return new Report(loaded ? $"loaded {steering.PinPath}" : changed ? $"changed {steering.PinPath}" : null, json =>
            {
                json.WriteBoolean("loaded", loaded);
                json.WriteBoolean("changed", changed);
                json.WriteString("pinPath", steering.PinPath);
            });
        });
        return verb;
    }
}
