namespace Everyport.Steering.Registration;

/// <summary>What happens to a service that is watched.</summary>
public enum WatchEventKind
{
    /// <summary>It has the sockets of its program.</summary>
    Registered,

    /// <summary>Its program does not run, or does not listen yet.</summary>
    Waiting,

    /// <summary>Somebody else has registered other sockets, and they are left there.</summary>
    Yielded,

    /// <summary>Its sockets cannot be registered before somebody has mended something.</summary>
    Failed,
}
