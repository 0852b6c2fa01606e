using System.CommandLine;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Cli.Registering;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl unregister</c>: takes its sockets from a service.</summary>
internal static class UnregisterCommand
{
    public static Command Create(CommonOptions options)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service" };
        var protocol = new Argument<string?>("PROTO") { Description = "tcp, udp or any; the default is any", Arity = ArgumentArity.ZeroOrOne };
        protocol.CompletionSources.Add("tcp", "udp", "any");
        var (ipv4, ipv6) = (new Option<bool>("--ipv4", "-4") { Description = "Only sockets for IPv4" }, new Option<bool>("--ipv6", "-6") { Description = "Only sockets for IPv6" });
        var verb = new Verb(options, "unregister", "Takes its sockets from a service")
        {
            Details = ["What rules give to the service is refused from then on, as long as it has no other socket; established connections go on. A 'watch' that runs registers them again."],
            Examples = ["unregister web", "unregister dns udp"],
            Json = "an object with service and emptied (how many slots held a socket).",
        };
        verb.Add(service);
        verb.Add(protocol);
        verb.Add(ipv4);
        verb.Add(ipv6);
        verb.Does(result =>
        {
            var name = ServiceArguments.ServiceOf([result.GetRequiredValue(service)]);
            var protocols = ProtocolsOf(result.GetValue(protocol) ?? "any");
            var (only4, only6) = (result.GetValue(ipv4), result.GetValue(ipv6));
            using var control = SteeringControl.Open(options.Read(result));
            var emptied = control.Unregister(name, protocols, ipv4: only4 || !only6, ipv6: only6 || !only4);
            if (emptied == 0)
                options.Outside.Error.WriteLine($"The service '{name}' has no such socket; nothing to do.");
            return new Report(emptied == 0 ? null : $"{name}: {emptied} {(emptied == 1 ? "slot" : "slots")} emptied", json =>
            {
                json.WriteString("service", name);
                json.WriteNumber("emptied", emptied);
            });
        });
        return verb;
    }

    private static Protocols ProtocolsOf(string text) => text.ToUpperInvariant() switch
    {
        "TCP" => Protocols.Tcp,
        "UDP" => Protocols.Udp,
        "ANY" => Protocols.All,
        _ => throw new BadInputException($"'{text}' is not a protocol; expected 'tcp', 'udp' or 'any'."),
    };
}
