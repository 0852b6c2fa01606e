namespace Everyport.Steering.Cli.Help;

/// <summary>What is to be said about all verbs.</summary>
internal static class Topics
{
    public const string ExitCodes =
        "Exit codes: 0 done, or nothing to do; 1 the kernel or the state of the steering refuses; 2 the input has to be mended.";

    /// <summary>What the program is for.</summary>
    public const string Purpose =
        "steerctl steers TCP and UDP traffic to sockets of services: any ports of any address ranges, without a change to the programs that own the sockets. "
        + "A small BPF program of the type sk_lookup, attached to a network namespace, decides about each new connection and each datagram that no connected socket takes; "
        + "established connections never meet it.";

    public static IReadOnlyList<(string Title, IReadOnlyList<string> Paragraphs)> All { get; } =
    [
        ("RULES",
        [
            "A rule has protocols, prefixes of destination addresses, ports, and a target: a service by its name, the proxy of everyport, Pass (the normal lookup goes on), or Drop (refused). "
            + "PROTO is tcp, udp, or any. A prefix is written 198.51.100.0/24, 2001:db8::/32, or as a single address; several have commas between them. Ports are written '*', 443, or 80,443,8000-8999.",
            "The longest prefix that has the protocol and port decides; at equal length, the narrower range of ports. Two rules that nothing tells apart and that differ in their targets are an error. IPv4 and IPv6 are separate.",
            "A service is a name under which sockets are registered. A lookup that a rule gives to a service without a socket is refused: it never falls through to whoever else listens there.",
            "Each program that works on a steering has rules of its own: steerctl those of the owner 'steerctl', everyport those of 'proxy'. All of them are one ruleset to the kernel; nobody changes those of others.",
        ]),
        ("STATE",
        [
            "A steering is pinned in a directory on a BPF file system, and stays when the command ends. It is changed by one at a time; who waits longer than --lock-timeout is told who is at it. "
            + "With the network namespace it ends; what is left of it in the directory is removed by the next change.",
            "Steered prefixes that are not local get a route 'local PREFIX dev lo' (protocol 198), which 'unload' removes.",
        ]),
        ("MESSAGES", ["Results go to standard output, messages to standard error, also with --json.", ExitCodes]),
        ("ENVIRONMENT", [$"{CommonOptions.PinPathVariable}: the directory of the steering, where --pin-path does not name one."]),
    ];
}
