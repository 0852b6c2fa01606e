using Everyport.Steering.Registration;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Registration;

public sealed class ServiceWatchTests : IDisposable
{
    private readonly WatchScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void A_program_that_is_started_anew_is_registered_again()
    {
        using var watch = _scene.Watch();
        _scene.Look();
        Assert.StartsWith("There is no process and no PID file", _scene.LastMessage, StringComparison.Ordinal);

        using (var first = _scene.Start("first", "tcp/127.0.0.1/8080"))
            _scene.Until("first");
        Assert.Equal(Client.Refused, _scene.Dial());
        _scene.Until(() => _scene.LastMessage.Contains("has ended", StringComparison.Ordinal), "the end is not told");

        using var second = _scene.Start("second", "tcp/127.0.0.1/8080");
        _scene.Until("second");
        Assert.True(watch.IsComplete);
        Assert.Equal($"registered tcp 127.0.0.1:8080 of {second.Id} ('python3')", _scene.LastMessage);
    }

    [KernelFact]
    public void Nothing_is_told_twice()
    {
        using var program = _scene.Start("web", "dual/::/8080");
        using var watch = _scene.Watch();
        _scene.LookForAWhile();
        Assert.Equal(WatchEventKind.Registered, Assert.Single(_scene.Events).Kind);
    }

    [KernelFact]
    public void Whoever_comes_last_goes_first_and_those_before_stay_behind()
    {
        using var before = _scene.Start("before", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("before");
        using (var after = _scene.Start("after", "tcp/127.0.0.1/8081"))
            _scene.Until("after");
        Assert.Equal("before", _scene.Dial());
    }

    [KernelFact]
    public void A_PID_file_that_is_left_behind_names_nobody()
    {
        using var ended = _scene.Start("ended", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("ended");
        ended.Kill();
        _scene.Until(() => _scene.LastMessage.Contains("has ended", StringComparison.Ordinal), "the end is not told");
        Assert.Equal($"There is no process {ended.Id}, which '{_scene.PidFile}' names: it has ended.", _scene.LastMessage);
    }

    [KernelFact]
    public void It_goes_on_when_the_steering_is_unloaded_and_loaded_again()
    {
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("web");
        _scene.Control.Unload(force: true);
        _scene.Until(() => !watch.IsComplete, "the end of the steering is not noticed");
        Assert.Equal(WatchEventKind.Waiting, _scene.Events[^1].Kind);
        _scene.Load();
        _scene.Until("web");
    }

    [KernelFact]
    public void What_was_unregistered_by_hand_is_registered_again()
    {
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("web");
        Assert.Equal(1, _scene.Control.Unregister(WatchScene.Service, Protocols.All, ipv4: true, ipv6: true));
        Assert.Equal(Client.Refused, _scene.Dial());
        _scene.Until("web");
    }

    [KernelFact]
    public void Half_a_dual_stack_socket_that_was_unregistered_by_hand_is_registered_again()
    {
        using var program = _scene.Start("web", "dual/::/8080");
        using var watch = _scene.Watch();
        _scene.Until("web");
        Assert.Equal(1, _scene.Control.Unregister(WatchScene.Service, Protocols.All, ipv4: true, ipv6: false));
        Assert.Equal(Client.Refused, _scene.Dial());
        _scene.Until("web");
    }

    [KernelFact]
    public void Sockets_of_somebody_else_are_left_until_the_program_listens_anew()
    {
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("web");
        using var other = _scene.Namespace.Run(() => NamedServer.Tcp("other", "127.0.0.2"));
        _scene.Control.Register(WatchScene.Service, [other.Socket.SafeHandle], replace: true);
        _scene.LookForAWhile();
        Assert.Equal(WatchEventKind.Yielded, _scene.Events[^1].Kind);
        Assert.StartsWith("other ", _scene.Dial(), StringComparison.Ordinal);

        using var anew = _scene.Start("anew", "tcp/127.0.0.1/8081");
        _scene.Until("anew");
    }

    [KernelFact]
    public void All_members_of_a_reuseport_group_are_registered_and_those_that_end_are_replaced()
    {
        using var program = _scene.Start("web", [.. Enumerable.Repeat("reuseport/127.0.0.1/8080", 3), .. Enumerable.Repeat("child:reuseport/127.0.0.1/8080", 3)]);
        using var watch = _scene.Watch();
        _scene.Until(() => Members() == 4, "not all slots are filled");
        foreach (var child in ProcessFiles.ChildrenOf(program.Id))
            Command.Run("kill", "-KILL", $"{child}");
        _scene.Until(() => Members() == 3, "what is closed is still there");
        _scene.Until("web");
    }

    [KernelFact]
    public void A_choice_that_has_to_be_made_is_told_and_changes_nothing()
    {
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080", "tcp/127.0.0.1/8443");
        using var watch = _scene.Watch();
        _scene.LookForAWhile();
        Assert.Equal(WatchEventKind.Failed, Assert.Single(_scene.Events).Kind);
        Assert.Contains("listens at several places: tcp 127.0.0.1:8080, tcp 127.0.0.1:8443", _scene.LastMessage, StringComparison.Ordinal);
        Assert.Equal(0, Members());
    }

    [KernelFact]
    public void A_choice_among_its_listeners_holds_for_the_next_one_too()
    {
        using var watch = _scene.Watch("tcp", "*", "8443");
        using (var first = _scene.Start("first", "tcp/127.0.0.1/8080", "tcp/127.0.0.1/8443"))
            _scene.Until("first");
        using var second = _scene.Start("second", "tcp/127.0.0.1/8443", "tcp/127.0.0.1/8080");
        _scene.Until("second");
        Assert.Contains("registered tcp 127.0.0.1:8443", _scene.LastMessage, StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_processes_of_a_control_group_are_found_without_a_PID_file()
    {
        using var directory = new TemporaryDirectory();
        using var watch = _scene.Watch(ProcessSource.Parse($"cgroup:{directory.Path}"));
        _scene.Look();
        Assert.Equal($"There is no process in the control group '{directory.Path}': it has not been started.", _scene.LastMessage);
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        directory.Write("cgroup.procs", $"1\n{program.Id}\n");
        _scene.Until("web");
    }

    [KernelFact]
    public void A_process_that_takes_a_while_until_it_listens_is_noticed_at_the_next_look_while_the_one_before_it_serves()
    {
        var clock = new StoppedClock();
        using var directory = new TemporaryDirectory();
        using var before = _scene.Start("before", "reuseport/127.0.0.1/8080");
        directory.Write("cgroup.procs", $"{before.Id}\n");
        using var watch = _scene.Watch(ProcessSource.Parse($"cgroup:{directory.Path}"), clock);
        _scene.Look();
        clock.Now += TimeSpan.FromMinutes(1);
        _scene.Look();
        Assert.Equal(1, Members());

        directory.Write("cgroup.procs", $"{before.Id}\n{Environment.ProcessId}\n");
        _scene.Look();
        using var after = _scene.Namespace.Run(() => NamedServer.Tcp("after", "127.0.0.1", 8080, Reuseport.Enable));
        _scene.Look();
        Assert.Equal(2, Members());
    }

    [KernelFact]
    public void At_the_end_its_sockets_can_be_taken_back()
    {
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        using var watch = _scene.Watch();
        _scene.Until("web");
        Assert.Equal([WatchScene.Service], watch.Unregister());
        Assert.Equal(Client.Refused, _scene.Dial());
        Assert.Empty(watch.Unregister());
    }

    [KernelFact]
    public void A_namespace_that_is_made_anew_ends_the_watch()
    {
        using var directory = new TemporaryDirectory();
        using var anew = new NetworkNamespace();
        var link = Path.Combine(directory.Path, "namespace");
        File.CreateSymbolicLink(link, _scene.Namespace.Path);
        using var program = _scene.Start("web", "tcp/127.0.0.1/8080");
        using var watch = ServiceWatch.Open(
            _scene.Options with { NetworkNamespace = link }, [new WatchedService(WatchScene.Service, ProcessSource.Parse(_scene.PidFile), ListenerFilter.All)], TimeProvider.System);
        watch.Look();
        File.Delete(link);
        Assert.Empty(watch.Look());
        File.CreateSymbolicLink(link, anew.Path);
        Assert.Contains("is another one than at the start of this watch", Assert.Throws<SteeringException>(watch.Look).Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_PID_file_may_be_a_link_and_may_be_removed_while_its_process_lives()
    {
        using var directory = new TemporaryDirectory();
        using var before = _scene.Start("before", "tcp/127.0.0.1/8080");
        var link = Path.Combine(directory.Path, "web.pid");
        File.CreateSymbolicLink(link, _scene.PidFile);
        using var watch = _scene.Watch(ProcessSource.Parse(link));
        _scene.Until("before");
        using var after = _scene.Start("after", "tcp/127.0.0.1/8081");
        _scene.Until("after");
        File.Delete(_scene.PidFile);
        _scene.LookForAWhile();
        Assert.True(watch.IsComplete);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private int Members() => _scene.Control.Read()!.Services.Single(service => service is { Name: WatchScene.Service, Protocol: Protocols.Tcp }).Sockets.Count();
}
