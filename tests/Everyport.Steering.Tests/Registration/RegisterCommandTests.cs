using System.Globalization;
using Everyport.Steering.Tests.Cli;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Registration;

public sealed class RegisterCommandTests : IDisposable
{
    private const string Edge = "127.7.0.1";

    private readonly PinnedTerminal _terminal = new();

    public RegisterCommandTests()
    {
        try
        {
            _terminal.Do("load");
            _terminal.Do("bind", "web", "any", "127.7.0.0/16", "*");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose() => _terminal.Dispose();

    [KernelFact]
    public void A_program_that_runs_gets_the_traffic_of_a_service()
    {
        using var program = Start("web", "tcp/127.0.0.1/8080", "udp/127.0.0.1/8080");
        Assert.Equal(Client.Refused, Dial());
        var result = _terminal.Do("register", "--pid", program, "web");
        Assert.Equal([$"web: tcp 127.0.0.1:8080 of {program.Id} ('python3')", $"web: udp 127.0.0.1:8080 of {program.Id} ('python3')"], result.Lines.Order(StringComparer.Ordinal));
        Assert.Equal("web", Dial());
        Assert.Equal("web", _terminal.Namespace.Run(() => Client.AskUdp(Edge, 53)));
    }

    [KernelFact]
    public void Its_JSON_tells_each_socket()
    {
        using var program = Start("web", "dual/::/8080");
        var service = Assert.Single(_terminal.Do("register", "--json", "--pid", program, "web").Json.GetProperty("services").EnumerateArray());
        Assert.Equal(("web", 0, 0), (service.GetProperty("service").GetString(), service.GetProperty("replaced").GetInt32(), service.GetProperty("leftOut").GetInt32()));
        var socket = Assert.Single(service.GetProperty("sockets").EnumerateArray());
        Assert.Equal($"tcp [::]:8080 of {program.Id} ('python3')", socket.GetProperty("description").GetString());
        Assert.Equal(("tcp", true, true, false), (
            socket.GetProperty("protocol").GetString(), socket.GetProperty("ipv4").GetBoolean(), socket.GetProperty("ipv6").GetBoolean(), socket.GetProperty("wasThere").GetBoolean()));
        Assert.NotEqual(0UL, socket.GetProperty("cookie").GetUInt64());
    }

    [KernelFact]
    public void Those_of_before_are_replaced_or_kept_beside()
    {
        using var first = Start("first", "tcp/127.0.0.1/8080");
        using var second = Start("second", "tcp/127.0.0.1/8081");
        _terminal.Do("register", "--pid", first, "web");
        _terminal.Do("register", "--pid", second, "web");
        Assert.Equal("second", Dial());
        _terminal.Do("register", "--add", "--pid", first, "web");
        second.Kill();
        Assert.Equal("first", Dial());
    }

    [KernelFact]
    public void Who_has_more_members_than_slots_is_told_why_nothing_is_lost()
    {
        using var program = Start("web", [.. Enumerable.Repeat("reuseport/127.0.0.1/8080", 6)]);
        var result = _terminal.Do("register", "--pid", program, "web");
        Assert.Equal(5, result.Lines.Length);
        Assert.Equal("web: 2 more of the reuseport group need no slot, as the kernel spreads over all of it", result.Lines[^1]);
    }

    [KernelFact]
    public void What_cannot_be_registered_changes_nothing()
    {
        using var program = Start("web", "tcp/127.0.0.1/8080");
        using var other = Start("other", "bound/127.0.0.1/8081");
        _terminal.Do("register", "--pid", program, "web");
        Assert.Equal(1, _terminal.Run("register", "--pid", other, "web").ExitCode);
        Assert.Equal(1, _terminal.Run("register", "--pid", "99999999", "web").ExitCode);
        Assert.Equal(1, _terminal.Run("register", "web").ExitCode);
        Assert.Equal("web", Dial());
    }

    [KernelFact]
    public void A_service_can_be_left_without_sockets()
    {
        using var program = Start("web", "tcp/127.0.0.1/8080", "udp/127.0.0.1/8080");
        _terminal.Do("register", "--pid", program, "web");
        Assert.Equal("web: 1 slot emptied\n", _terminal.Do("unregister", "web", "tcp").Output);
        Assert.Equal(Client.Refused, Dial());
        Assert.Equal("web", _terminal.Namespace.Run(() => Client.AskUdp(Edge, 53)));
        Assert.Equal(1, _terminal.Do("unregister", "web", "--json").Json.GetProperty("emptied").GetInt32());

        var again = _terminal.Run("unregister", "web");
        Assert.Equal((0, "", "The service 'web' has no such socket; nothing to do.\n"), (again.ExitCode, again.Output, again.Error));
    }

    [KernelFact]
    public void A_watch_can_look_once()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "web.pid");
        var missing = _terminal.Run("watch", "--once", "web", file);
        Assert.Equal((1, true), (missing.ExitCode, missing.Output.StartsWith("web: There is no process and no PID file", StringComparison.Ordinal)));

        using var program = Start("web", "tcp/127.0.0.1/8080");
        File.WriteAllText(file, program);
        Assert.Equal($"web: registered tcp 127.0.0.1:8080 of {program.Id} ('python3')\n", _terminal.Do("watch", "--once", "web", file).Output);
        Assert.Equal("web", Dial());

        var config = directory.Write("watch.json", $$"""{"Watch": [{"Service": "web", "Process": "{{file}}"}]}""");
        var json = _terminal.Do("watch", "--once", "--json", "--config", config).Json;
        Assert.Equal(("web", "registered"), (json.GetProperty("service").GetString(), json.GetProperty("kind").GetString()));
    }

    [KernelTheory]
    [InlineData("register --pid 1", "The service is missing: name the one that the sockets are for, such as 'web'.")]
    [InlineData("register --pid 1 web tcp", "'tcp' does not choose a listener; expected PROTO ADDRESS PORT, such as 'tcp 0.0.0.0 443'.")]
    [InlineData("register --pid 1 web sctp 0.0.0.0 80", "'sctp' is not a protocol; expected 'tcp', 'udp' or 'any'.")]
    [InlineData("register --pid unit:.. web", "'unit:..' does not name a unit; expected its name alone, such as 'unit:nginx.service'.")]
    [InlineData("register web tcp 0.0.0.0 80", "'tcp 0.0.0.0 80' has no meaning without --pid; expected SERVICE alone.")]
    [InlineData("unregister web sctp", "'sctp' is not a protocol; expected 'tcp', 'udp' or 'any'.")]
    [InlineData("watch web", "Expected SERVICE PROCESS, such as 'web /run/nginx.pid' or 'web unit:nginx.service', or --config FILE.")]
    [InlineData("watch web 4711", "'4711' is one process, and ends with it; expected a PID file, 'unit:NAME' or 'cgroup:PATH', which name the next one as well.")]
    [InlineData("watch web /run/a.pid --config b.json", "'web /run/a.pid' has no meaning with --config; name the services in 'b.json'.")]
    [InlineData("watch --config /missing.json", "The file '/missing.json' does not exist.")]
    public void Input_that_makes_no_sense_is_told_with_how_to_mend_it(string line, string error)
    {
        var result = _terminal.Run(line.Split(' '));
        Assert.Equal((2, "", $"{error}\n"), (result.ExitCode, result.Output, result.Error));
    }

    [KernelFact]
    public void A_name_that_is_too_long_is_refused()
    {
        var result = _terminal.Run("register", "--pid", "1", new string('x', 256));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is 256 bytes long", result.Error, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(null, "2", "web:dns", "The sockets are for the process '' (LISTEN_PID), and this is ")]
    [InlineData("1", "2", "web:dns", "The sockets are for the process '1' (LISTEN_PID), and this is ")]
    [InlineData("self", null, null, "There are no sockets to register: LISTEN_FDS is not set")]
    [InlineData("self", "0", null, "'0' (LISTEN_FDS) is not a number of sockets")]
    [InlineData("self", "2", "web", "It is not clear which service each of the 2 sockets is for: LISTEN_FDNAMES has 1 names.")]
    [InlineData("self", "2", "web:unknown", "It is not clear which service the sockets are for: one has no name (LISTEN_FDNAMES is 'web:unknown').")]
    public void Sockets_that_do_not_come_with_the_start_are_told_apart(string? process, string? count, string? names, string error)
    {
        var terminal = _terminal.Terminal;
        Set("LISTEN_PID", process == "self" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : process);
        Set("LISTEN_FDS", count);
        Set("LISTEN_FDNAMES", names);
        var result = terminal.Run("register");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);

        void Set(string name, string? value)
        {
            if (value is not null)
                terminal.Environment[name] = value;
        }
    }

    private SocketsProgram Start(string name, params string[] sockets) => new(_terminal.Namespace, name, sockets);

    private string Dial() => _terminal.Dial(Edge, 80);
}
