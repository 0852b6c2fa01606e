using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A privileged loader pins; who is in the group that it lets in reads, or registers his own sockets, without any capability.</summary>
public sealed class PermissionTests : IDisposable
{
    private const uint Readers = 4711;

    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void A_group_of_readers_reads_and_does_nothing_else()
    {
        using var control = Load(writes: false);
        using var server = _space.Tcp("server");
        Unprivileged.Run(Readers, () =>
        {
            using var reader = _space.Control();
            var snapshot = reader.Read()!;
            Assert.Equal("mail", Assert.Single(snapshot.Effective.Rules).Name);
            Assert.Null(snapshot.Attached);
            Assert.Equal(65536, snapshot.ReadPorts()!.Length);
            Assert.Equal("x", Assert.Single(reader.Preview(rules => Rulesets.Create([.. rules.Rules, Rulesets.Rule("x", "127.8.0.0/16")])).Added).Name);
            // Who only reads cannot even keep the writers waiting.
            Assert.Contains("this user may not. It takes to be its owner", Assert.Throws<SteeringException>(() => reader.Register("postfix", [server.Socket.SafeHandle], replace: false)).Message, StringComparison.Ordinal);
        });
    }

    [KernelFact]
    public void A_group_of_writers_registers_sockets_of_its_own_for_services_that_rules_name()
    {
        using var control = Load(writes: true);
        using var server = _space.Tcp("server");
        Unprivileged.Run(Readers, () =>
        {
            using var writer = _space.Control();
            writer.Register("postfix", [server.Socket.SafeHandle], replace: true);
            var error = Assert.Throws<SteeringException>(() => writer.Register("stranger", [server.Socket.SafeHandle], replace: true));
            Assert.Contains("'stranger': it has not been named before, and to do so takes CAP_BPF", error.Message, StringComparison.Ordinal);
            Assert.Contains("lacks CAP_BPF (run it as root, or give it the capability BPF)", Assert.Throws<SteeringException>(() => writer.Change(_ => Ruleset.Empty)).Message, StringComparison.Ordinal);
        });
        Assert.Equal("server", _space.Dial(port: 25));
        Unprivileged.Run(Readers, () =>
        {
            using var writer = _space.Control();
            Assert.Equal(1, writer.Unregister("postfix", Protocols.Tcp, ipv4: true, ipv6: true));
        });
        Assert.Equal(Client.Refused, _space.Dial(port: 25));
    }

    [KernelFact]
    public void A_group_of_writers_registers_nothing_for_another_namespace()
    {
        using var control = Load(writes: true);
        using var server = _space.Tcp("server");
        using var elsewhere = new NetworkNamespace();
        Unprivileged.Run(Readers, () =>
        {
            using var writer = SteeringControl.Open(_space.Options with { NetworkNamespace = elsewhere.Path });
            Assert.Contains("it steers another network namespace", Assert.Throws<SteeringException>(() => writer.Register("postfix", [server.Socket.SafeHandle], replace: true)).Message, StringComparison.Ordinal);
        });
    }

    [KernelFact]
    public void Whoever_publishes_later_keeps_to_what_the_group_was_given()
    {
        using var control = Load(writes: false);
        using var server = _space.Tcp("server");
        using var proxy = _space.Serve(server);
        control.Upgrade();
        using var other = _space.Control(_space.Options with { Layout = 4711 });
        other.Upgrade();
        Unprivileged.Run(Readers, () =>
        {
            using var reader = _space.Control();
            Assert.Equal(2, reader.Read()!.RulesByOwner.Count);
        });
    }

    [KernelFact]
    public void Others_are_told_to_whom_it_belongs()
    {
        using var control = Load(writes: true);
        Unprivileged.Run(Readers + 1, () =>
        {
            using var stranger = _space.Control();
            Assert.Contains("'steerctl load --group' names", Assert.Throws<SteeringException>(() => stranger.Read()).Message, StringComparison.Ordinal);
        });
    }

    [KernelFact]
    public void Who_may_not_even_look_is_not_told_that_nothing_is_loaded()
    {
        var closed = Path.GetDirectoryName(_space.Pins.Path) + $"/everyport-test-closed-{Environment.ProcessId}";
        try
        {
            using var control = _space.Control(_space.Options with { PinPath = closed + "/everyport" });
            control.Load();
            Unprivileged.Run(Readers, () =>
            {
                using var stranger = _space.Control(_space.Options with { PinPath = closed + "/everyport" });
                foreach (var look in (Action[])[() => stranger.Read(), () => stranger.Unload(force: false), () => stranger.Unregister("web", Protocols.All, true, true)])
                    Assert.Contains("this user may not", Assert.Throws<SteeringException>(look).Message, StringComparison.Ordinal);
            });
            Assert.True(control.Unload(force: true));
        }
        finally
        {
            if (Directory.Exists(closed))
                Directory.Delete(closed, recursive: true);
        }
    }

    [KernelFact]
    public void A_group_can_be_let_in_later_and_then_there_is_nothing_to_do()
    {
        using var before = _space.Control();
        before.Load();
        using var control = _space.Control(_space.Options with { PinGroup = $"{Readers}" });
        foreach (var isNew in (bool[])[true, false])
        {
            Assert.False(control.Load(out var changed));
            Assert.Equal(isNew, changed);
        }
        Unprivileged.Run(Readers, () =>
        {
            using var reader = _space.Control();
            Assert.NotNull(reader.Read());
        });
    }

    [KernelFact]
    public void A_directory_of_another_user_is_refused()
    {
        Make(0b111_000_000);
        Assert.Equal(0, Libc.ChangeOwner(_space.Pins.Path, 4712, uint.MaxValue));
        AssertRefused("it belongs to the user 4712");
    }

    [KernelFact]
    public void A_directory_that_is_open_to_all_is_refused()
    {
        Make(0b111_101_101);
        AssertRefused($"it is open to all users. Run 'chmod 700 {_space.Pins.Path}'");
    }

    [KernelFact]
    public void A_group_gets_nothing_by_a_mode_that_nobody_has_chosen_for_it()
    {
        Make(0b111_111_000);
        Assert.Equal(0, Libc.ChangeOwner(_space.Pins.Path, uint.MaxValue, Readers));
        using var control = _space.Control();
        control.Load();
        Unprivileged.Run(Readers, () =>
        {
            using var reader = _space.Control();
            Assert.Contains("this user may not", Assert.Throws<SteeringException>(() => reader.Read()).Message, StringComparison.Ordinal);
        });
    }

    [KernelFact]
    public void A_group_gets_nothing_that_another_program_has_pinned()
    {
        Make(0b111_000_000);
        using var maps = SharedMaps.Create();
        var theirs = new PinDirectory(_space.Pins.Path).PathOf("bindings");
        Assert.Equal(0, Libbpf.Pin(maps.Totals, theirs));
        Assert.Contains("'bindings', which is another program's", Assert.Throws<SteeringException>(() => Load(writes: true)).Message, StringComparison.Ordinal);
        var after = (ModeOf(_space.Pins.Path), ModeOf(theirs));
        File.Delete(theirs);
        Assert.Equal((0b111_000_000, 0b110_000_000), after);

        using var control = Load(writes: true);
        Assert.Equal(0, Libbpf.Pin(maps.Totals, theirs));
        Assert.False(control.Load());
        Assert.Equal(0b110_000_000, ModeOf(theirs));
    }

    private static unsafe int ModeOf(string path)
    {
        Libc.FileStatus status;
        Assert.Equal(0, Libc.Stat(Libc.AtWorkingDirectory, path, 0, Libc.ModeAndGroup, &status));
        return status.Mode & 0b111_111_111;
    }

    private void Make(uint mode)
    {
        Directory.CreateDirectory(_space.Pins.Path);
        Assert.Equal(0, Libc.ChangeMode(_space.Pins.Path, mode));
    }

    private void AssertRefused(string why)
    {
        using var control = _space.Control();
        Assert.Contains(why, Assert.Throws<SteeringException>(() => control.Load()).Message, StringComparison.Ordinal);
        Assert.Empty(_space.Pins.Names);
    }

    [KernelFact]
    public void A_group_that_does_not_exist_is_an_error()
    {
        using var control = _space.Control(_space.Options with { PinGroup = "no-such-group" });
        Assert.Contains("the group 'no-such-group' in: there is none", Assert.Throws<SteeringException>(() => control.Load()).Message, StringComparison.Ordinal);
    }

    private SteeringControl Load(bool writes)
    {
        var control = _space.Control(_space.Options with { PinGroup = $"{Readers}", PinGroupWrites = writes });
        control.Load();
        control.Change(_ => Rulesets.Create(Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"))));
        return control;
    }
}
