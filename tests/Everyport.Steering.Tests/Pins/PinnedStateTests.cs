using System.Collections.Immutable;
using CsCheck;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Tables;

namespace Everyport.Steering.Tests.Pins;

/// <summary>What others read about a pinned steering is what was written.</summary>
public class PinnedStateTests
{
    [Fact]
    public void Every_state_is_read_as_it_was_written() =>
        Gen.Select(RandomRulesets.Rulesets, RandomRulesets.Prefixes.Array[0, 5]).Sample((rules, denied) =>
        {
            Assert.True(Ruleset.TryCreate(rules, denied, out var ruleset, out _));
            var state = new PinnedState
            {
                Layout = 3,
                SlotsPerService = 16,
                Program = 4711,
                Services = ImmutableDictionary<string, int>.Empty.Add("proxy", 0).Add("a \"strange\" näme", 1),
                Rules = ImmutableDictionary<string, Ruleset>.Empty.Add("proxy", ruleset),
                Guards = [Rulesets.Rule("guard: listener TCP 10.0.0.1 port 22", "10.0.0.1/32", "22", Protocols.Tcp, Target.Pass)],
            };
            var read = PinnedStateText.Read(PinnedStateText.Write(state), "here");
            Assert.Equal((3, 16, 4711U), (read.Layout, read.SlotsPerService, read.Program));
            Assert.Equal(state.Services.OrderBy(pair => pair.Value), read.Services.OrderBy(pair => pair.Value));
            Assert.Equal(ruleset.Rules.Select(Text), read.Rules["proxy"].Rules.Select(Text));
            Assert.Equal(ruleset.DenySources.AsEnumerable(), read.Rules["proxy"].DenySources);
            Assert.Equal(state.Guards.Select(Text), read.Guards.Select(Text));
        }, iter: 200);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"layout\":\"one\"}")]
    [InlineData("{\"layout\":1,\"slotsPerService\":16,\"program\":1,\"services\":{},\"owners\":{\"proxy\":{\"Rules\":{\"a\":{\"Prefixes\":[\"x\"]}}}},\"guards\":{\"Rules\":{}}}")]
    public void What_is_no_such_state_is_refused_in_words(string text)
    {
        var error = Assert.Throws<SteeringException>(() => PinnedStateText.Read(System.Text.Encoding.UTF8.GetBytes(text), "/sys/fs/bpf/here"));
        Assert.StartsWith("Cannot read the state of the steering in '/sys/fs/bpf/here' (PinPath): ", error.Message, StringComparison.Ordinal);
    }

    private static string Text(Rule rule) => $"{rule.Name} {rule.Protocols} {string.Join(',', rule.Prefixes)} {rule.Ports} {rule.Target}";
}
