using System.CommandLine;
using Everyport.Steering.Cli.Explain;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl explain</c>: which rule decides about a destination, and what becomes of it.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommonOptions options)
    {
        var protocol = new Argument<string>("PROTO") { Description = "tcp or udp" };
        protocol.CompletionSources.Add("tcp", "udp");
        var address = new Argument<string>("ADDRESS") { Description = "The address that a client dials" };
        var port = new Argument<string>("PORT") { Description = "The port that it dials" };
        var source = new Option<string?>("--source") { Description = "The address of the client", HelpName = "ADDRESS" };
        var file = new Option<string?>("--rules") { Description = "Explains the rules of a file, or with - of standard input, in place of those in force", HelpName = "FILE" };
        var verb = new Verb(options, "explain", "Tells what becomes of a connection or datagram, and why")
        {
            Details =
            [
                "Names the rule that decides, whose it is, and the rules that it goes before; the service, and its sockets. Of the rules in force, those of guard rails and of all owners are looked at; of a file, only its own.",
                "That a lookup is steered needs that its address is local, by a route such as steering adds itself; with --rules that is not looked at.",
            ],
            Examples = ["explain tcp 198.51.100.7 443", "explain udp 2001:db8::53 53 --source 2001:db8:1::9", "explain tcp 198.51.100.7 443 --rules rules.json"],
            Json = "an object with protocol, address, port, source, outcome (notLocal, noRule, pass, drop, denied, service, noSocket), summary, rule, owner, prefix and ports of the rule that decides, service, "
                + "sockets (as ss --extended writes them; not with --rules), and steps in words. What there is not is null.",
        };
        verb.Add(protocol);
        verb.Add(address);
        verb.Add(port);
        verb.Add(source);
        verb.Add(file);
        verb.Does(result =>
        {
            var lookup = Lookup.Parse(result.GetRequiredValue(protocol), result.GetRequiredValue(address), result.GetRequiredValue(port), result.GetValue(source));
            if (result.GetValue(file) is { } path)
                return Explainer.Explain(new KnownSteering(RulesInput.Read(path, options.Outside)), lookup);
            var steering = options.Read(result);
            using var control = SteeringControl.Open(steering);
            return control.Read() switch
            {
                null => NotSteered(lookup, $"Nothing is loaded in '{steering.PinPath}'"),
                { Attached: false } => NotSteered(lookup, $"The steering in '{steering.PinPath}' is not attached any more"),
                var snapshot => Explainer.Explain(KnownSteering.Of(snapshot, steering.NetworkNamespace), lookup),
            };
        });
        return verb;
    }

    private static Explanation NotSteered(Lookup lookup, string why) => new(lookup, LookupOutcome.NoRule, [$"{why}: the kernel looks for a socket as it always does."]);
}
