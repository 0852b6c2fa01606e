using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests;

/// <summary>Short forms for writing rules in tests.</summary>
internal static class Rulesets
{
    public static Rule Rule(string name, string prefix, string ports = "*", Protocols protocols = Protocols.All, Target? target = null)
    {
        Assert.True(Prefix.TryParse(prefix, out var parsed, out var error), error);
        Assert.True(PortRanges.TryParse(ports, out var ranges, out error), error);
        return new Rule(name, protocols, [parsed], ranges, target ?? Target.Proxy);
    }

    public static Ruleset Create(params Rule[] rules)
    {
        Assert.True(Ruleset.TryCreate(rules, out var ruleset, out var errors), string.Join('\n', errors));
        return ruleset;
    }

    public static Address AddressOf(string text)
    {
        Assert.True(Address.TryParse(text, out var address));
        return address;
    }
}
