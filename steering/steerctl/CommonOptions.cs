using System.CommandLine;
using System.Globalization;
using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli;

/// <summary>The options that every verb has, and what they mean.</summary>
internal sealed class CommonOptions
{
    private const string DefaultPinPath = "/sys/fs/bpf/everyport", NamedNamespaces = "/run/netns";
    private const int MostSeconds = 24 * 60 * 60;

    public const string PinPathVariable = "STEERCTL_PIN_PATH";

    public CommonOptions(Surroundings outside)
    {
        Outside = outside;
        Namespace.CompletionSources.Add(_ => Directory.Exists(NamedNamespaces) ? Directory.EnumerateFiles(NamedNamespaces).Select(path => Path.GetFileName(path)) : []);
    }

    public Surroundings Outside { get; }

    public Option<bool> Json { get; } = new("--json") { Description = "Prints the result as JSON", Recursive = true };

    public Option<string?> Namespace { get; } = new("--netns")
    {
        Description = "The network namespace: a name of 'ip netns', or a path such as /proc/4711/ns/net. Default: the one that the command runs in",
        HelpName = "NAME|PATH",
        Recursive = true,
    };

    public Option<string?> PinPath { get; } = new("--pin-path")
    {
        Description = $"The directory on a BPF file system that the steering is pinned in. Default: {PinPathVariable} of the environment, or {DefaultPinPath}; with --netns {DefaultPinPath}-NAME, or of a path {DefaultPinPath}-INODE",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string?> LockTimeout { get; } = new("--lock-timeout")
    {
        Description = "How long to wait for others that change the same steering. Default: 10",
        HelpName = "SECONDS",
        Recursive = true,
    };

    public IEnumerable<Option> All => [Json, Namespace, PinPath, LockTimeout];

    /// <summary>Refuses values that no verb can work with, also where this one does not need them.</summary>
    public void Check(ParseResult result) => _ = (TimeoutOf(result), NamespacePathOf(result));

    /// <summary>The steering that a command line is about.</summary>
    public SteeringOptions Read(ParseResult result) => new()
    {
        Owner = SteeringControl.DefaultOwner,
        NetworkNamespace = NamespacePathOf(result),
        PinPath = PinPathOf(result),
        PinLockTimeout = TimeoutOf(result),
    };

    private string PinPathOf(ParseResult result)
    {
        if (result.GetValue(PinPath) is { } given)
            return given.StartsWith('/') ? given : throw new BadInputException($"'{given}' (--pin-path) is not an absolute path; expected a directory such as '{DefaultPinPath}'.");
        if (Outside.Environment(PinPathVariable) is { Length: > 0 } variable)
            return variable.StartsWith('/') ? variable : throw new BadInputException($"'{variable}' ({PinPathVariable}) is not an absolute path; expected a directory such as '{DefaultPinPath}'.");
        return result.GetValue(Namespace) is not { } name ? DefaultPinPath
            : name.Contains('/', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"{DefaultPinPath}-{SteeringInspection.NamespaceInode(name)}")
            : $"{DefaultPinPath}-{name}";
    }

    private string NamespacePathOf(ParseResult result)
    {
        if (result.GetValue(Namespace) is not { } given)
            return new SteeringOptions().NetworkNamespace;
        var path = given.Contains('/', StringComparison.Ordinal) ? given : Path.Combine(NamedNamespaces, given);
        return File.Exists(path) ? path : throw new BadInputException(
            $"There is no network namespace '{given}' (--netns): '{path}' does not exist. Expected a name that 'ip netns' lists, or a path such as '/proc/4711/ns/net'.");
    }

    private TimeSpan TimeoutOf(ParseResult result)
    {
        if (result.GetValue(LockTimeout) is not { } text)
            return new SteeringOptions().PinLockTimeout;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new BadInputException($"'{text}' (--lock-timeout) is not a number of seconds from 0 to {MostSeconds}, such as '10' or '0.5'.");
    }
}
