namespace Everyport.Steering.Pins;

/// <summary>What a ruleset for a pinned steering was prepared with: while it waits, others may change all that.</summary>
/// <param name="Found">The state at that time; null where there was no steering.</param>
/// <param name="Attachment">The maps that its program reads.</param>
/// <param name="Wanted">What is to be there, but for what is only known when it is loaded.</param>
internal sealed record PinnedPlan(PinnedState? Found, Attachment Attachment, PinnedState Wanted)
{
    /// <summary>Whether <see cref="Attachment"/> was opened for this, and is not in use before.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>Whether it still fits what is there now: each publication has a program of its own, and services only become more.</summary>
    public bool Fits(PinnedState? now) =>
        now is null ? Found is null : Found is not null && (now.Program, now.Services.Count, now.IsKept) == (Found.Program, Found.Services.Count, Found.IsKept);

    /// <summary>Closes what was opened for it.</summary>
    public void Drop()
    {
        if (IsFirst)
            Attachment.Dispose();
    }
}
