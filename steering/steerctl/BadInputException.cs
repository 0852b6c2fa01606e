namespace Everyport.Steering.Cli;

/// <summary>Something the user has to mend. The message names the value, and says how.</summary>
internal sealed class BadInputException : Exception
{
    public BadInputException(string message) : base(message) { }

    public BadInputException(string message, Exception cause) : base(message, cause) { }

    public BadInputException() { }
}
