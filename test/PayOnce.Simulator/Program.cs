using PayOnce.Simulator;

return Command.Run(args);
