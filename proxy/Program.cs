using System.CommandLine;
using Everyport.Proxy.Commands;

// Signals are handled by the commands themselves, which have things to put in order first.
return await EveryportCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
