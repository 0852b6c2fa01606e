using System.CommandLine;
using System.Runtime.InteropServices;
using Everyport.Steering.Cli.Registering;
using Everyport.Steering.Registration;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl register</c>: gives a service its sockets, those of a running program or of this start.</summary>
internal static class RegisterCommand
{
    public static Command Create(CommonOptions options)
    {
        var process = new Option<string?>("--pid")
        {
            Description = "Takes the sockets of a running program: the number of its process, its PID file, unit:NAME of systemd, or cgroup:PATH. Default: the sockets that came with the start of this command",
            HelpName = "PROCESS",
        };
        var add = new Option<bool>("--add") { Description = "Keeps the sockets that the service has, and adds to them. Default: those of the same families and protocols are replaced, at no time without one" };
        var words = new Argument<string[]>("SERVICE")
        {
            Description = "The service; with socket activation each socket's own name (LISTEN_FDNAMES) is the default. PROTO ADDRESS PORT says which listener of the program: tcp, udp or any; the address that it is bound to, or '*'",
            Arity = new ArgumentArity(0, 4),
            HelpName = "SERVICE [PROTO ADDRESS PORT]",
        };
        var verb = new Verb(options, "register", "Registers sockets of a program for a service")
        {
            Synopses = ["register [--add] [SERVICE]", "register [--add] --pid PROCESS SERVICE [PROTO ADDRESS PORT]"],
            Details =
            [
                "Sockets are listening TCP and unconnected UDP ones; one that is dual-stack serves both families. All members of a reuseport group are registered, up to the four that a service has room for of a family and protocol; "
                + "the kernel spreads over the whole group all the same. With --pid, the processes that the program has started belong to it where they run the same program. Where it listens at several places, PROTO ADDRESS PORT has to choose.",
                "The kernel forgets a socket when its program closes it; 'watch' registers the next one. It takes group permission for the steering, and for --pid the right to trace the program: its user, or CAP_SYS_PTRACE.",
                "Without --pid the sockets are those of socket activation, as sd_listen_fds(3) describes it: run by a unit of systemd with 'Sockets='.",
            ],
            Examples = ["register --pid /run/nginx.pid web", "register --pid unit:nsd.service dns any '*' 53", "register web"],
            Json = "an object with services: for each its name as service, sockets (description, protocol, ipv4, ipv6, cookie, wasThere), replaced (how many slots held others before), and leftOut (members of reuseport groups that did not fit).",
        };
        verb.Add(process);
        verb.Add(add);
        verb.Add(words);
        verb.Does(result =>
        {
            var (texts, steering) = (result.GetValue(words) ?? [], options.Read(result));
            using var control = SteeringControl.Open(steering);
            return result.GetValue(process) is { } source
                ? new RegisterReport([OfProcess(control, steering, source, texts, result.GetValue(add))])
                : new RegisterReport(OfThisStart(control, steering, texts, result.GetValue(add), options.Outside));
        });
        return verb;
    }

    private static RegisteredService OfProcess(SteeringControl control, SteeringOptions steering, string process, string[] texts, bool add)
    {
        var service = ServiceArguments.ServiceOf(texts);
        var filter = ServiceArguments.FilterOf(texts[1..]);
        using var source = ServiceArguments.SourceOf(process);
        using var found = FoundSockets.Find(source, filter, steering.NetworkNamespace);
        return new RegisteredService(control.Register(service, found.Handles, replace: !add), found.Descriptions, found.LeftOut);
    }

    private static List<RegisteredService> OfThisStart(SteeringControl control, SteeringOptions steering, string[] texts, bool add, Surroundings outside)
    {
        if (texts.Length > 1)
            throw new BadInputException($"'{string.Join(' ', texts[1..])}' has no meaning without --pid; expected SERVICE alone.");
        var sockets = ActivatedSockets.Take(texts.Length == 0 ? null : ServiceArguments.ServiceOf(texts), outside.Environment, steering.NetworkNamespace);
        var done = new List<RegisteredService>();
        foreach (var service in sockets.GroupBy(socket => socket.Service, StringComparer.Ordinal))
        {
            SafeHandle[] handles = [.. service.Select(socket => socket.Handle)];
            done.Add(new RegisteredService(Register(control, service.Key, handles, add, done), [.. service.Select(socket => socket.Description)], 0));
        }
        return done;
    }

    /// <summary>Each service is registered by itself: where one is refused, those before it stay.</summary>
    private static RegisteredSockets Register(SteeringControl control, string service, SafeHandle[] handles, bool add, List<RegisteredService> done)
    {
        try
        {
            return control.Register(service, handles, replace: !add);
        }
        catch (SteeringException e) when (done.Count > 0)
        {
            throw new SteeringException($"{e.Message} This is about the service '{service}'; registered before it: {string.Join(", ", done.Select(one => $"'{one.Registered.Service}'"))}.", e);
        }
    }
}
