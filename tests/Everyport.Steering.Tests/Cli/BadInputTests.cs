namespace Everyport.Steering.Tests.Cli;

/// <summary>What is wrong with a command line is told by its value and with the mend, and ends with 2.</summary>
public class BadInputTests
{
    private readonly Terminal _terminal = new();

    [Theory]
    [InlineData("stats", "'stats' is unknown here. Did you mean 'status'?")]
    [InlineData("frobnicate", "'frobnicate' is unknown here.")]
    [InlineData("status --jsn", "'--jsn' is unknown here. Did you mean '--json'?")]
    [InlineData("status --netns", "--netns")]
    [InlineData("apply", "FILE")]
    [InlineData("explain tcp 127.0.0.1", "PORT")]
    [InlineData("explain sctp 127.0.0.1 80", "'sctp' is not a protocol; expected 'tcp' or 'udp'.")]
    [InlineData("explain tcp example.com 80", "'example.com' is not an IPv4 or IPv6 address")]
    [InlineData("explain tcp 127.0.0.1 0", "'0' is not a port; ports go from 1 to 65535.")]
    [InlineData("explain tcp 127.0.0.1 70000", "'70000' is not a port; ports go from 1 to 65535.")]
    [InlineData("explain tcp 127.0.0.1 80 --source ::1", "The client '::1' cannot dial '127.0.0.1'")]
    [InlineData("explain tcp 127.0.0.1 80 --rules /nowhere/rules.json", "The file '/nowhere/rules.json' does not exist.")]
    [InlineData("apply /nowhere/rules.json", "The file '/nowhere/rules.json' does not exist.")]
    [InlineData("bind", "Expected SERVICE PROTO PREFIX PORTS, such as 'web tcp 198.51.100.0/24 80,443'.")]
    [InlineData("bind web tcp 198.51.100.0/24", "Expected SERVICE PROTO PREFIX PORTS")]
    [InlineData("bind web sctp 198.51.100.0/24 80", "'sctp' is not a protocol; expected 'tcp', 'udp' or 'any'.")]
    [InlineData("bind web tcp 198.51.100.7/24 80", "'198.51.100.7/24' has bits set beyond its length; write '198.51.100.0/24', or '198.51.100.7/32' for the one address.")]
    [InlineData("bind web tcp ::ffff:198.51.100.0/120 80", "write it as '198.51.100.0/24'")]
    [InlineData("bind web tcp 198.51.100.0/24 80-", "'' is not a port")]
    [InlineData("bind web tcp 198.51.100.0/24 443-80", "'443-80' is an empty range; write '80-443'.")]
    [InlineData("bind --pass web tcp 198.51.100.0/24 80", "Expected PROTO PREFIX PORTS")]
    [InlineData("bind --pass --drop tcp 198.51.100.0/24 80", "--pass and --drop exclude each other")]
    [InlineData("status --lock-timeout soon", "'soon' (--lock-timeout) is not a number of seconds")]
    [InlineData("status --lock-timeout -1", "--lock-timeout")]
    [InlineData("status --netns nowhere-at-all", "There is no network namespace 'nowhere-at-all' (--netns): '/run/netns/nowhere-at-all' does not exist.")]
    [InlineData("status --netns /proc/0/ns/net", "There is no network namespace '/proc/0/ns/net'")]
    [InlineData("status --pin-path everyport", "'everyport' (--pin-path) is not an absolute path")]
    [InlineData("metrics --listen 127.0.0.1", "'127.0.0.1' (--listen) is not an address with a port")]
    [InlineData("metrics --listen ::1", "'::1' (--listen) is not an address with a port")]
    [InlineData("completion tcsh", "tcsh")]
    public void The_message_names_the_value_and_the_mend(string line, string message)
    {
        var result = _terminal.Run(line.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void All_that_is_wrong_with_a_rule_is_told_at_once()
    {
        var error = _terminal.Run("bind", "web", "sctp", "198.51.100.7/24", "0").Error;
        Assert.Contains("'sctp'", error, StringComparison.Ordinal);
        Assert.Contains("'198.51.100.7/24'", error, StringComparison.Ordinal);
        Assert.Contains("'0'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_a_service_that_is_too_long_is_told_by_its_length()
    {
        var result = _terminal.Run("bind", new string('x', 256), "tcp", "198.51.100.0/24", "80");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is 256 bytes long, and a name of a service has 255 at most", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_of_the_environment_is_named_where_it_is_wrong()
    {
        _terminal.Environment["STEERCTL_PIN_PATH"] = "everyport";
        Assert.Contains("'everyport' (STEERCTL_PIN_PATH) is not an absolute path", _terminal.Run("status").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_a_file_are_told_at_once()
    {
        var terminal = new Terminal { Input = """{ "Rules": { "a": { "Prefixes": ["10.0.0.1/8"] }, "b": { "Prefixes": ["10.0.0.0/8"], "Ports": "0", "Portz": "1" } } }""" };
        var result = terminal.Run("apply", "-");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Rules:a:Prefixes:0: '10.0.0.1/8'", result.Error, StringComparison.Ordinal);
        Assert.Contains("Rules:b:Ports: '0'", result.Error, StringComparison.Ordinal);
        Assert.Contains("Rules:b:Portz: is an unknown key", result.Error, StringComparison.Ordinal);
    }
}
