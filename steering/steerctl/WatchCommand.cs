using System.CommandLine;
using Everyport.Steering.Cli.Registering;
using Everyport.Steering.Registration;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl watch</c>: keeps services registered while their programs are started anew.</summary>
internal static class WatchCommand
{
    public static Command Create(CommonOptions options)
    {
        var config = new Option<string?>("--config") { Description = "Watches the services of a JSON file; - is standard input", HelpName = "FILE" };
        var once = new Option<bool>("--once") { Description = "Looks once, registers what is missing, and ends: with 1 where a service has no socket" };
        var unregister = new Option<bool>("--unregister") { Description = "Takes the sockets from the services at the end. Default: they stay registered" };
        var words = new Argument<string[]>("SERVICE")
        {
            Description = "The service; PROCESS: a PID file, unit:NAME of systemd, or cgroup:PATH; PROTO ADDRESS PORT: which of its listeners, as for 'register'",
            Arity = new ArgumentArity(0, 5),
            HelpName = "SERVICE PROCESS [PROTO ADDRESS PORT]",
        };
        var verb = new Verb(options, "watch", "Keeps services registered across restarts of their programs")
        {
            Synopses = ["watch [--once] [--unregister] SERVICE PROCESS [PROTO ADDRESS PORT]", "watch [--once] [--unregister] --config FILE"],
            Details =
            [
                "Looks 20 times a second, at next to no cost, whether the sockets of the service are still registered, and whether other processes serve. A listener that comes while the one before it is still open is registered beside it, and first: "
                + "what is queued with the one before stays there, so that it can end without losing a connection. What somebody else registers for the same service is left alone until it is closed, or the program listens anew.",
                "The file has a list: {\"Watch\": [{\"Service\": \"web\", \"Process\": \"/run/nginx.pid\", \"Protocol\": \"tcp\", \"Address\": \"0.0.0.0\", \"Port\": 443}, {\"Service\": \"dns\", \"Process\": \"unit:nsd.service\"}]}.",
                "Runs until SIGTERM or SIGINT. It waits for programs that do not run, and for a steering that is not loaded; systemd is told when it has looked first (Type=notify). Each change is a line of output.",
            ],
            Examples = ["watch web /run/nginx.pid tcp 0.0.0.0 443", "watch dns unit:nsd.service", "watch --config /etc/steerctl/watch.json"],
            Json = "an object on a line of its own for each change: time, service, kind (registered, waiting, yielded, failed) and message.",
        };
        verb.Add(config);
        verb.Add(once);
        verb.Add(unregister);
        verb.Add(words);
        verb.Runs((result, stopping) =>
        {
            var services = result.GetValue(config) is { } file
                ? WatchInput.OfFile(file, result.GetValue(words) ?? [], options.Outside)
                : WatchInput.OfWords(result.GetValue(words) ?? []);
            using var watch = ServiceWatch.Open(options.Read(result), services, options.Outside.Clock);
            var log = new WatchLog(options.Outside, result.GetValue(options.Json));
            return Task.FromResult(result.GetValue(once) ? LookOnce(watch, log) : Keep(watch, log, result.GetValue(unregister), options.Outside, stopping));
        });
        return verb;
    }

    private static int LookOnce(ServiceWatch watch, WatchLog log)
    {
        log.Write(watch.Look());
        return watch.IsComplete ? ExitCodes.Done : ExitCodes.Refused;
    }

    private static int Keep(ServiceWatch watch, WatchLog log, bool unregister, Surroundings outside, CancellationToken stopping)
    {
        log.Write(watch.Look());
        ServiceManager.Tell(outside, "READY=1");
        while (!stopping.WaitHandle.WaitOne(ServiceWatch.Interval))
            log.Write(watch.Look());
        ServiceManager.Tell(outside, "STOPPING=1");
        if (unregister)
            log.WriteUnregistered(watch.Unregister());
        return ExitCodes.Done;
    }
}
