using Everyport.Steering.Cli;

return SteerctlCommand.Run(args, Surroundings.OfProcess());
