namespace Everyport.Steering.Cli;

/// <summary>How a verb ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or there was nothing to do.</summary>
    public const int Done = 0;

    /// <summary>The kernel, or the state of the steering, does not allow it.</summary>
    public const int Refused = 1;

    /// <summary>The user has to mend the input.</summary>
    public const int BadInput = 2;
}
