namespace Everyport.Proxy.Commands;

/// <summary>How a command ends.</summary>
internal static class ExitCodes
{
    public const int Good = 0;

    /// <summary>The running proxy cannot be asked, or refuses.</summary>
    public const int Refused = 1;

    /// <summary>Whatever the operator has to mend: configuration, privileges, a taken port.</summary>
    public const int CannotStart = 2;

    /// <summary>For the help.</summary>
    public const string Help = "Exit codes: 0 done; 1 the running proxy cannot be asked, or refuses; 2 something has to be mended first: configuration, privileges, a taken port.";
}
