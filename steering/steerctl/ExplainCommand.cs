using System.CommandLine;
using System.Globalization;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl explain</c>: which rule of a file decides about a destination.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var file = new Option<FileInfo>("--rules") { Description = "The file with the rules", HelpName = "FILE", Required = true };
        var protocol = new Argument<string>("PROTO") { Description = "tcp or udp" };
        protocol.AcceptOnlyFromAmong("tcp", "udp");
        var address = new Argument<string>("ADDRESS") { Description = "The destination address" };
        var port = new Argument<string>("PORT") { Description = "The destination port" };

        var command = new Command("explain", "Tells which rule decides about a destination") { file, protocol, address, port };
        command.SetAction(result => Explain(
            result.GetRequiredValue(file), result.GetRequiredValue(protocol), result.GetRequiredValue(address), result.GetRequiredValue(port)));
        return command;
    }

    private static int Explain(FileInfo file, string protocol, string addressText, string portText)
    {
        if (!Address.TryParse(addressText, out var address))
            return Fail($"'{addressText}' is not an IPv4 or IPv6 address.");
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return Fail($"'{portText}' is not a port; ports go from 1 to 65535.");
        if (!file.Exists)
            return Fail($"The file '{file}' does not exist.");
        byte[] json;
        try
        {
            json = File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"Cannot read the file '{file}': {e.Message}");
        }
        if (!RulesFile.TryParse(json, out var ruleset, out var errors))
            return Fail($"'{file}' cannot be used:\n  {string.Join("\n  ", errors)}");

        var rule = ruleset.Decide(protocol == "tcp" ? Protocols.Tcp : Protocols.Udp, address, port);
        Console.WriteLine(rule is null
            ? "No rule matches: the normal lookup of the kernel decides."
            : $"{rule.Target}, by the rule '{rule.Name}' ({string.Join(", ", rule.Prefixes)}, ports {rule.Ports}).");
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return SteerctlCommand.BadInput;
    }
}
