using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Cli;

/// <summary>Rules that come and go by command lines, and what the kernel does with them.</summary>
public sealed class BindingTests : IDisposable
{
    private readonly PinnedTerminal _steering = new();

    public BindingTests() => _steering.Do("load");

    public void Dispose() => _steering.Dispose();

    [KernelFact]
    public void What_is_bound_is_steered_until_it_is_unbound()
    {
        using var web = _steering.Register(_steering.Tcp("web"));
        Assert.Equal("+ tcp 127.7.0.0/16 80,8000-8099: tcp 127.7.0.0/16 80,8000-8099 -> web\n", _steering.Do("bind", "web", "tcp", "127.7.0.0/16", "80,8000-8099").Output);
        Assert.Equal("web", _steering.Dial("127.7.1.2", 8042));
        Assert.Equal(Client.Refused, _steering.Dial("127.7.1.2", 8100));

        Assert.StartsWith("- ", _steering.Do("unbind", "web", "tcp", "127.7.0.0/16", "80,8000-8099").Output, StringComparison.Ordinal);
        Assert.Equal(Client.Refused, _steering.Dial("127.7.1.2", 8042));
    }

    [KernelFact]
    public void What_is_bound_already_is_nothing_to_do()
    {
        _steering.Do("bind", "web", "any", "127.7.0.0/16", "80");
        var again = _steering.Run("bind", "web", "any", "127.7.0.0/16", "80");
        Assert.Equal((0, "", "Nothing to change.\n"), (again.ExitCode, again.Output, again.Error));
        var unbound = _steering.Run("unbind", "web", "any", "127.8.0.0/16", "80");
        Assert.Equal((0, "", "Nothing to change.\n"), (unbound.ExitCode, unbound.Output, unbound.Error));
    }

    [KernelFact]
    public void The_same_bound_to_another_service_moves_there_in_one_step()
    {
        using var old = _steering.Register(_steering.Tcp("old"));
        using var @new = _steering.Register(_steering.Tcp("new"));
        _steering.Do("bind", "old", "tcp", "127.7.0.0/16", "443");
        Assert.StartsWith("~ ", _steering.Do("bind", "new", "tcp", "127.7.0.0/16", "443").Output, StringComparison.Ordinal);
        Assert.Equal("new", _steering.Dial("127.7.1.2", 443));
    }

    [KernelFact]
    public void A_rule_is_changed_and_removed_by_its_name()
    {
        _steering.Do("bind", "--name", "edge", "web", "tcp", "127.7.0.0/16", "443");
        var changed = _steering.Do("bind", "--name", "edge", "web", "tcp", "127.7.0.0/16,127.8.0.0/16", "443", "--json").Json;
        Assert.Equal(["127.7.0.0/16", "127.8.0.0/16"], changed.GetProperty("changes")[0].GetProperty("after").GetProperty("prefixes").EnumerateArray().Select(prefix => prefix.GetString()));
        Assert.StartsWith("- edge: ", _steering.Do("unbind", "--name", "edge").Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_name_beside_what_a_rule_matches_is_refused_when_it_is_to_be_removed()
    {
        _steering.Do("bind", "--name", "edge", "web", "tcp", "127.7.0.0/16", "443");
        var refused = _steering.Run("unbind", "--name", "other", "web", "tcp", "127.7.0.0/16", "443");
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("--name says which rule it is", refused.Error, StringComparison.Ordinal);
        Assert.Single(_steering.Do("status", "--json").Json.GetProperty("rules").EnumerateArray());
    }

    [KernelFact]
    public void Two_rules_that_nothing_tells_apart_are_refused_by_both_names()
    {
        _steering.Do("bind", "--name", "one", "web", "tcp", "127.7.0.0/16", "443");
        var refused = _steering.Run("bind", "--name", "two", "other", "tcp", "127.7.0.0/16", "443");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("'one' (Service web) and 'two' (Service other)", refused.Error, StringComparison.Ordinal);
        Assert.Single(_steering.Do("status", "--json").Json.GetProperty("rules").EnumerateArray());
    }

    [KernelFact]
    public void Who_unbinds_what_has_another_target_is_told_which()
    {
        _steering.Do("bind", "web", "tcp", "127.7.0.0/16", "443");
        var refused = _steering.Run("unbind", "other", "tcp", "127.7.0.0/16", "443");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("-> web'", refused.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Ports_are_passed_and_dropped()
    {
        using var local = _steering.Tcp("local", "127.7.0.9");
        using var web = _steering.Register(_steering.Tcp("web"));
        _steering.Do("bind", "web", "tcp", "127.7.0.0/16", "1-65535");
        var port = local.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _steering.Do("bind", "--pass", "tcp", "127.7.0.9", port);
        _steering.Do("bind", "--drop", "tcp", "127.7.0.8", "*");
        Assert.Equal(("local", Client.Refused, "web"), (_steering.Dial("127.7.0.9", local.Port), _steering.Dial("127.7.0.8", 80), _steering.Dial("127.7.0.7", 80)));
    }

    [KernelFact]
    public void Options_of_a_later_load_are_told_to_have_changed_something()
    {
        Assert.Equal($"changed {_steering.PinPath}\n", _steering.Do("load", "--take-listeners").Output);
        Assert.Equal((false, false), (Loaded("loaded"), Loaded("changed")));

        bool Loaded(string key) => _steering.Run("load", "--take-listeners", "--json").Json.GetProperty(key).GetBoolean();
    }

    [KernelFact]
    public void Nothing_is_bound_where_nothing_is_loaded()
    {
        _steering.Do("unload");
        var refused = _steering.Run("bind", "web", "tcp", "127.7.0.0/16", "443");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("steerctl load", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"'{_steering.PinPath}'", refused.Error, StringComparison.Ordinal);
    }
}
