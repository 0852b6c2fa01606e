using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>Writes rules in one line, as they are given to <c>bind</c>.</summary>
internal static class RuleText
{
    /// <summary><c>web: tcp 198.51.100.0/24 80,443 -> nginx</c>.</summary>
    public static void Write(TextWriter output, Rule rule)
    {
        output.Write(rule.Name);
        output.Write(": ");
        WriteBody(output, rule);
    }

    /// <summary>The same without its name. Piece by piece, as there may be a hundred thousand.</summary>
    public static void WriteBody(TextWriter output, Rule rule)
    {
        output.Write(Of(rule.Protocols));
        var separator = ' ';
        foreach (var prefix in rule.Prefixes)
        {
            output.Write(separator);
            output.Write(prefix.ToString());
            separator = ',';
        }
        output.Write(' ');
        output.Write(rule.Ports.ToString());
        output.Write(" -> ");
        output.Write(Of(rule.Target));
    }

    /// <summary>As <see cref="Write"/> writes it.</summary>
    public static string Of(Rule rule)
    {
        using var text = new StringWriter();
        Write(text, rule);
        return text.ToString();
    }

    public static string Of(Protocols protocols) => protocols switch
    {
        Protocols.Tcp => "tcp",
        Protocols.Udp => "udp",
        _ => "any",
    };

    /// <summary>The service, or in capitals what happens.</summary>
    public static string Of(Target target) => target.Kind == TargetKind.Service ? target.Service! : target.Kind.ToString().ToUpperInvariant();
}
