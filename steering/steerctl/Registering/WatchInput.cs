using Everyport.Steering.Registration;

namespace Everyport.Steering.Cli.Registering;

/// <summary>Reads what is to be watched.</summary>
internal static class WatchInput
{
    public static IReadOnlyList<WatchedService> OfWords(string[] words)
    {
        if (words.Length < 2)
            throw new BadInputException("Expected SERVICE PROCESS, such as 'web /run/nginx.pid' or 'web unit:nginx.service', or --config FILE.");
        var (service, filter) = (ServiceArguments.ServiceOf(words), ServiceArguments.FilterOf(words[2..]));
        var source = ServiceArguments.SourceOf(words[1]);
        return source.OutlivesItsProcess
            ? [new WatchedService(service, source, filter)]
            : throw new BadInputException($"'{words[1]}' is one process, and ends with it; expected a PID file, 'unit:NAME' or 'cgroup:PATH', which name the next one as well.");
    }

    public static IReadOnlyList<WatchedService> OfFile(string file, string[] words, Surroundings outside)
    {
        if (words.Length > 0)
            throw new BadInputException($"'{string.Join(' ', words)}' has no meaning with --config; name the services in '{file}'.");
        return WatchFile.TryParse(RulesInput.ReadBytes(file, outside), out var services, out var errors)
            ? services
            : throw new BadInputException($"'{file}' cannot be used:\n  {string.Join("\n  ", errors)}");
    }
}
