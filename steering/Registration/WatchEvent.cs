namespace Everyport.Steering.Registration;

/// <summary>Something has changed for a service that is watched.</summary>
/// <param name="Service">The service.</param>
/// <param name="Kind">What kind of change it is.</param>
/// <param name="Message">What has happened, in a sentence.</param>
public sealed record WatchEvent(string Service, WatchEventKind Kind, string Message);
