using System.Collections.Immutable;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Pins;

/// <summary>What is kept beside the maps of a pinned steering, so that others can tell what they hold.</summary>
internal sealed record PinnedState
{
    /// <summary>The version of the layout of the maps; see <see cref="Tables.TableLayout.Version"/>.</summary>
    public required int Layout { get; init; }

    /// <summary>How many slots of the sockets map belong to a service: who has another layout can still tell whose they are.</summary>
    public required int SlotsPerService { get; init; }

    /// <summary>The number of the program that this state was written for.</summary>
    public uint Program { get; init; }

    /// <summary>The numbers of services.</summary>
    public ImmutableDictionary<string, int> Services { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The rules by who has published them. Nobody changes those of others.</summary>
    public ImmutableDictionary<string, Ruleset> Rules { get; init; } = ImmutableDictionary.Create<string, Ruleset>(StringComparer.Ordinal);

    /// <summary>The rules that guard rails have added, for all of them.</summary>
    public ImmutableArray<Rule> Guards { get; init; } = [];
}
