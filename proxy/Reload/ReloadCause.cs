namespace Everyport.Proxy.Reload;

/// <summary>What asks for a reload.</summary>
internal enum ReloadCause
{
    /// <summary>The file has changed. Where it says the same, nothing is done, and the same errors are told once.</summary>
    File,

    /// <summary>SIGHUP.</summary>
    Signal,

    /// <summary><c>POST /api/reload</c>.</summary>
    Request,
}
