namespace Everyport.Steering;

/// <summary>
/// Steering could not do what was asked. The message is for the operator: what was being done, to what, what went
/// wrong, and what to do next.
/// </summary>
public sealed class SteeringException : Exception
{
    /// <summary>Makes an exception with a message for the operator.</summary>
    public SteeringException(string message) : base(message) { }

    /// <summary>Makes an exception with a message for the operator and its cause.</summary>
    public SteeringException(string message, Exception cause) : base(message, cause) { }

    /// <summary>Makes an empty exception.</summary>
    public SteeringException() { }

    /// <summary>Whether what is pinned is there and may be read, but says nothing that this program understands: then only removing it helps.</summary>
    public bool IsNotUnderstood { get; init; }

    /// <summary>What the BPF verifier wrote about a program that it refused; null otherwise. May be thousands of lines.</summary>
    public string? VerifierLog { get; init; }
}
