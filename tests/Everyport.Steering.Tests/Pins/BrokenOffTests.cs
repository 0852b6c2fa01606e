using System.Collections.Immutable;
using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A change that a crash has broken off is finished where the link was switched already, and undone where it was not.</summary>
public sealed class BrokenOffTests : IDisposable
{
    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void Before_the_link_is_switched_it_was_never_made()
    {
        using var control = _space.Control();
        var state = LoadWithOneRule(control);
        Pin("state-next", state with { Program = state.Program + 1, Rules = state.Rules.SetItem("steerctl", Ruleset.Empty) });
        Assert.Equal("kept", Assert.Single(control.Read()!.Effective.Rules).Name);
        // Who may not open the link cannot tell, and takes what has a name.
        Unprivileged(control => Assert.Equal("kept", Assert.Single(control.Read()!.Effective.Rules).Name));
        Assert.False(control.Load());
        Assert.DoesNotContain("state-next", _space.Pins.Names);
        Assert.Equal("kept", Assert.Single(control.Read()!.Effective.Rules).Name);
    }

    [KernelFact]
    public void After_the_link_is_switched_it_was_made()
    {
        using var control = _space.Control();
        var state = LoadWithOneRule(control);
        Pin("state", state with { Program = state.Program + 1, Rules = ImmutableDictionary<string, Ruleset>.Empty });
        Pin("state-next", state);
        Assert.Equal("kept", Assert.Single(control.Read()!.Effective.Rules).Name);
        control.Change(rules => Rulesets.Create([.. rules.Rules, Rulesets.Rule("more", "127.8.0.0/16")]));
        Assert.Equal(["kept", "more"], control.Read()!.Effective.Rules.Where(rule => !rule.Name.StartsWith("guard", StringComparison.Ordinal)).Select(rule => rule.Name));
        Assert.DoesNotContain("state-next", _space.Pins.Names);
    }

    [KernelFact]
    public void What_the_kernel_refuses_to_attach_leaves_nothing_behind()
    {
        using var maps = SharedMaps.Create();
        using var generation = Generation.Load(TableCompiler.Compile(Ruleset.Empty, _ => 0), maps, countPorts: false);
        using var @namespace = File.OpenHandle(_space.Namespace.Path);
        var links = Enumerable.Range(0, 64).Select(_ => Libbpf.LinkCreate(generation.ProgramFd, @namespace, Libbpf.AttachTypeSkLookup, 0)).ToList();
        using var control = _space.Control();
        Assert.Contains("64 programs", Assert.Throws<SteeringException>(() => control.Load()).Message, StringComparison.Ordinal);
        Assert.Empty(_space.Pins.Names);
        links.ForEach(link => link.Dispose());
        Assert.True(control.Load());
    }

    private PinnedState LoadWithOneRule(SteeringControl control)
    {
        control.Load();
        control.Change(_ => Rulesets.Create(Rulesets.Rule("kept", "127.7.0.0/16", "80")));
        using var @namespace = File.OpenHandle(_space.Namespace.Path);
        var store = new PinStore(_space.Pins.Path, @namespace, TimeSpan.FromSeconds(10));
        store.Admit(_space.Options with { PinGroup = "4711" });
        return store.Load()!;
    }

    private void Unprivileged(Action<SteeringControl> code) => Tests.Kernel.Unprivileged.Run(4711, () =>
    {
        using var control = _space.Control();
        code(control);
    });

    private void Pin(string name, PinnedState state) => _space.PinText(name, PinnedStateText.Write(state));
}
