namespace Everyport.Steering;

/// <summary>What an upgrade of a pinned steering has done.</summary>
/// <param name="From">The layout of the maps before.</param>
/// <param name="To">The layout now: that of this program.</param>
/// <param name="Sockets">How many slots were moved to new maps; 0 where the layout was the same already and the maps have stayed.</param>
public sealed record UpgradeResult(int From, int To, int Sockets);
