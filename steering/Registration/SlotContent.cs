using Everyport.Steering.Tables;

namespace Everyport.Steering.Registration;

/// <summary>A slot of a service.</summary>
/// <param name="Slot">Its number in the sockets map.</param>
/// <param name="Cookie">That of the socket in it, or 0.</param>
internal readonly record struct SlotContent(int Slot, ulong Cookie)
{
    /// <summary>The family and protocol of the slot, as <see cref="TableLayout.Root"/> numbers them.</summary>
    public int Root => Slot / TableLayout.MembersPerFamily % TableLayout.Kinds.Length;
}
