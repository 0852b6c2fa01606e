using Everyport.Steering.Cli;

return SteerctlCommand.Create().Parse(args).Invoke();
