namespace Everyport.Steering.Tests.Cli;

/// <summary>A whole file of rules comes into force as one, and its difference to what there was is told.</summary>
public sealed class ApplyingTests : IDisposable
{
    private const string First = """{ "Rules": { "web": { "Prefixes": ["127.7.0.0/16"], "Ports": "80", "Action": "Service", "Service": "web" }, "ssh": { "Prefixes": ["127.7.0.0/16"], "Ports": "22", "Action": "Pass" } } }""";
    private const string Second = """{ "Steering": { "Rules": { "web": { "Prefixes": ["127.7.0.0/16"], "Ports": "80,443", "Action": "Service", "Service": "web" }, "dark": { "Prefixes": ["127.7.7.7"], "Action": "Drop" } }, "DenySources": ["127.66.0.0/16"] } }""";

    private readonly PinnedTerminal _steering = new();

    public ApplyingTests() => _steering.Do("load");

    public void Dispose() => _steering.Dispose();

    [KernelFact]
    public void The_difference_is_a_line_for_each_rule()
    {
        Assert.Equal(["+ ssh: any 127.7.0.0/16 22 -> PASS", "+ web: any 127.7.0.0/16 80 -> web"], _steering.RunWith(First, "apply", "-").Lines.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["+ dark: any 127.7.7.7/32 * -> DROP", "+ deny 127.66.0.0/16", "- ssh: any 127.7.0.0/16 22 -> PASS", "~ web: any 127.7.0.0/16 80,443 -> web (was: any 127.7.0.0/16 80 -> web)"],
            _steering.RunWith(Second, "apply", "-").Lines.Order(StringComparer.Ordinal));
    }

    [KernelFact]
    public void A_dry_run_tells_the_same_and_changes_nothing()
    {
        _steering.RunWith(First, "apply", "-");
        var before = _steering.Do("status", "--json").Output;
        var (dry, dryJson) = (_steering.RunWith(Second, "apply", "-", "--dry-run"), _steering.RunWith(Second, "apply", "-", "--dry-run", "--json").Json);
        Assert.Equal(before, _steering.Do("status", "--json").Output);
        Assert.True(dryJson.GetProperty("changed").GetBoolean());
        Assert.Equal(dry.Lines, _steering.RunWith(Second, "apply", "-").Lines);
    }

    [KernelFact]
    public void A_file_with_errors_changes_nothing()
    {
        _steering.RunWith(First, "apply", "-");
        var before = _steering.Do("status", "--json").Output;
        Assert.Equal(2, _steering.RunWith("""{ "Rules": { "web": { "Prefixes": ["127.7.0.1/16"] } } }""", "apply", "-").ExitCode);
        Assert.Equal(before, _steering.Do("status", "--json").Output);
    }

    [KernelFact]
    public void The_same_file_again_is_nothing_to_do()
    {
        _steering.RunWith(Second, "apply", "-");
        var again = _steering.RunWith(Second, "apply", "-");
        Assert.Equal((0, "", "Nothing to change.\n"), (again.ExitCode, again.Output, again.Error));
    }
}
