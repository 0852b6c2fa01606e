using System.CommandLine;
using Everyport.Proxy.Commands;

// The library would answer signals as well, and end the process with 143 while it is still cleaning up.
return await EveryportCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
