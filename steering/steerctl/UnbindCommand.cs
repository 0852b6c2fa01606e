using System.CommandLine;
using Everyport.Steering.Cli.Changes;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl unbind</c>: removes one rule.</summary>
internal static class UnbindCommand
{
    public static Command Create(CommonOptions options)
    {
        var verb = new Verb(options, "unbind", "Removes a rule")
        {
            Synopses =
            [
                "unbind SERVICE PROTO PREFIX PORTS",
                "unbind --pass|--drop PROTO PREFIX PORTS",
                "unbind --name NAME",
            ],
            Details = ["Takes what 'bind' was given. Where there is no such rule there is nothing to do; one that matches the same and has another target is not touched, and named. Sockets of the service stay registered."],
            Examples = ["unbind web tcp 198.51.100.0/24,2001:db8:7::/48 80,443", "unbind --name ssh"],
            Json = ChangeReport.Json,
        };
        var arguments = new RuleArguments().AddTo(verb, options);
        verb.Does(result =>
        {
            var name = arguments.OnlyName(result);
            if (name is null && arguments.HasName(result))
                throw new BadInputException("--name says which rule it is, and nothing else may: give --name NAME alone, or what the rule matches without --name.");
            var rule = name is null ? arguments.Read(result) : null;
            using var control = SteeringControl.Open(options.Read(result));
            return ChangeReport.Of(control.Change(rules => rule is null ? Rulesets.Without(rules, name!) : Rulesets.Without(rules, rule)), options.Outside);
        });
        return verb;
    }
}
