using Everyport.Steering.Registration;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Registering;

/// <summary>Reads what command lines say about services and their programs.</summary>
internal static class ServiceArguments
{
    /// <summary>The first word.</summary>
    /// <exception cref="BadInputException">It is missing, or no name.</exception>
    public static string ServiceOf(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new BadInputException("The service is missing: name the one that the sockets are for, such as 'web'.");
        return ServiceName.Problem(words[0]) is { } problem ? throw new BadInputException($"'{words[0]}' is not the name of a service: it {problem}.") : words[0];
    }

    /// <summary>PROTO ADDRESS PORT, or nothing.</summary>
    /// <exception cref="BadInputException">They make no choice; the message says which word does not.</exception>
    public static ListenerFilter FilterOf(IReadOnlyList<string> words)
    {
        try
        {
            return words switch
            {
                [] => ListenerFilter.All,
                [var protocol, var address, var port] => ListenerFilter.Parse(protocol, address, port),
                _ => throw new BadInputException($"'{string.Join(' ', words)}' does not choose a listener; expected PROTO ADDRESS PORT, such as 'tcp 0.0.0.0 443'."),
            };
        }
        catch (FormatException e)
        {
            throw new BadInputException(e.Message, e);
        }
    }

    /// <summary>Where it says which process serves.</summary>
    /// <exception cref="BadInputException">It does not.</exception>
    public static ProcessSource SourceOf(string text)
    {
        try
        {
            return text.Length > 0 ? ProcessSource.Parse(text) : throw new BadInputException("The process is empty; expected a number, a PID file, 'unit:NAME' or 'cgroup:PATH'.");
        }
        catch (FormatException e)
        {
            throw new BadInputException(e.Message, e);
        }
    }
}
