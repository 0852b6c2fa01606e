using System.CommandLine;
using Everyport.Steering.Cli.Changes;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl bind</c>: adds or changes one rule.</summary>
internal static class BindCommand
{
    public static Command Create(CommonOptions options)
    {
        var verb = new Verb(options, "bind", "Adds a rule, or changes the one of that name")
        {
            Synopses =
            [
                "bind [--name NAME] SERVICE PROTO PREFIX PORTS",
                "bind [--name NAME] --pass|--drop PROTO PREFIX PORTS",
            ],
            Details =
            [
                "PROTO is tcp, udp or any; PREFIX a prefix or an address, or several with commas between them; PORTS '*', or a list such as 80,443,8000-8999.",
                "The rule is in force when the command ends. A rule without a name is named after what it matches, so that to bind the same to another service moves it there in one step.",
            ],
            Examples =
            [
                "bind web tcp 198.51.100.0/24,2001:db8:7::/48 80,443",
                "bind dns any 198.51.100.53 53",
                "bind --pass tcp 198.51.100.0/24 22",
            ],
            Json = ChangeReport.Json,
        };
        var arguments = new RuleArguments().AddTo(verb, options);
        verb.Does(result =>
        {
            var rule = arguments.Read(result);
            using var control = SteeringControl.Open(options.Read(result));
            return ChangeReport.Of(control.Change(rules => Rulesets.With(rules, rule)), options.Outside);
        });
        return verb;
    }
}
