using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>Writes rules in one line, as they are given to <c>bind</c>.</summary>
internal static class RuleText
{
    /// <summary><c>web: tcp 198.51.100.0/24 80,443 -> nginx</c>.</summary>
    public static string Of(Rule rule) => $"{rule.Name}: {Body(rule)}";

    public static string Body(Rule rule) => $"{Of(rule.Protocols)} {string.Join(',', rule.Prefixes)} {rule.Ports} -> {Of(rule.Target)}";

    public static string Of(Protocols protocols) => protocols switch
    {
        Protocols.Tcp => "tcp",
        Protocols.Udp => "udp",
        _ => "any",
    };

    /// <summary>The service, or in capitals what happens.</summary>
    public static string Of(Target target) => target.Kind == TargetKind.Service ? target.Service! : target.Kind.ToString().ToUpperInvariant();
}
