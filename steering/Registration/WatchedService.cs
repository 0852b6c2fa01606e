namespace Everyport.Steering.Registration;

/// <summary>A service whose sockets are to be those of a program, however often that is started anew.</summary>
/// <param name="Service">The service.</param>
/// <param name="Source">Where it says which process serves.</param>
/// <param name="Filter">Which of its listeners.</param>
public sealed record WatchedService(string Service, ProcessSource Source, ListenerFilter Filter);
