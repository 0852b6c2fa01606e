using Everyport.Proxy.Commands;

return await EveryportCommand.Create().Parse(args).InvokeAsync();
