using System.Globalization;
using Everyport.Steering.Kernel;
using Everyport.Steering.Registration;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Registration;

public sealed class FoundSocketsTests : IDisposable
{
    private readonly NetworkNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void The_only_listener_of_a_program_needs_no_choice()
    {
        using var program = Start("tcp/127.0.0.1/8080");
        Assert.Equal(["tcp 127.0.0.1:8080"], Find(program));
    }

    [KernelFact]
    public void TCP_and_UDP_of_both_families_serve_together()
    {
        using var program = Start("tcp/127.0.0.1/5300", "udp/127.0.0.1/5300", "tcp/::1/5300", "udp/::1/5300");
        Assert.Equal(["tcp 127.0.0.1:5300", "tcp [::1]:5300", "udp 127.0.0.1:5300", "udp [::1]:5300"], Find(program));
    }

    [KernelFact]
    public void Several_places_have_to_be_chosen_from()
    {
        using var program = Start("tcp/127.0.0.1/8080", "tcp/127.0.0.1/8443", "udp/127.0.0.1/8443");
        Assert.Matches(
            @"^The process \d+ \('python3.*'\) listens at several places: tcp 127.0.0.1:8080, tcp 127.0.0.1:8443. Choose one with PROTO ADDRESS PORT, for example 'tcp 127.0.0.1 8080'.$",
            Refusal(program));
        Assert.Equal(["tcp 127.0.0.1:8443"], Find(program, "tcp", "127.0.0.1", "8443"));
        Assert.Equal(["tcp 127.0.0.1:8443", "udp 127.0.0.1:8443"], Find(program, "any", "*", "8443"));
    }

    [KernelTheory]
    [InlineData("::", "tcp [::]:8080")]
    [InlineData("0.0.0.0", "tcp [::]:8080")]
    [InlineData("*", "tcp [::]:8080")]
    public void A_dual_stack_socket_listens_on_all_addresses_of_both_families(string address, string expected)
    {
        using var program = Start("dual/::/8080");
        Assert.Equal([expected], Find(program, "tcp", address, "8080"));
    }

    [KernelFact]
    public void The_workers_of_a_master_belong_to_it_and_what_else_it_has_started_does_not()
    {
        using var program = Start("reuseport/127.0.0.1/8080", "child:reuseport/127.0.0.1/8080", "child:reuseport/127.0.0.1/8080", "nc/127.0.0.1/9000");
        Assert.Equal(Enumerable.Repeat("tcp 127.0.0.1:8080", 3), Find(program));
    }

    [KernelFact]
    public void A_program_that_listens_only_by_another_one_is_found_there()
    {
        using var program = Start("nc/127.0.0.1/9000");
        Assert.Equal(["tcp 127.0.0.1:9000"], Find(program));
    }

    [KernelFact]
    public void Members_of_a_reuseport_group_that_do_not_fit_are_counted()
    {
        using var program = Start([.. Enumerable.Repeat("reuseport/127.0.0.1/8080", 6)]);
        using var found = FoundSockets.Find(Source(program), ListenerFilter.All, _space.Path);
        Assert.Equal((4, 2), (found.Handles.Count, found.LeftOut));
    }

    [KernelFact]
    public void A_PID_file_leads_to_its_process()
    {
        using var directory = new TemporaryDirectory();
        using var program = Start("tcp/127.0.0.1/8080");
        using var found = FoundSockets.Find(
            ProcessSource.Parse(directory.Write("web.pid", $"{program.Id}\n/var/lib/web\n")), ListenerFilter.All, _space.Path);
        Assert.Equal($"tcp 127.0.0.1:8080 of {program.Id} ('python3')", Assert.Single(found.Descriptions));
    }

    [KernelFact]
    public void What_cannot_be_steered_to_is_refused_with_what_the_program_has_instead()
    {
        using var program = Start("bound/127.0.0.1/8080", "connected/127.0.0.1/5353");
        var refusal = Refusal(program);
        Assert.Contains("has no socket that can be steered to.", refusal, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:8080 (a TCP socket that does not listen)", refusal, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:5353 (a connected UDP socket)", refusal, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_choice_that_fits_nothing_is_refused_with_what_there_is()
    {
        using var program = Start("tcp/127.0.0.1/8080");
        Assert.EndsWith("does not listen on 'tcp 127.0.0.1 80'. It has: 127.0.0.1:8080 (a listener).", Refusal(program, "tcp", "127.0.0.1", "80"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_MPTCP_listener_is_refused_with_how_to_switch_it_off()
    {
        using var program = Start("mptcp/127.0.0.1/8080");
        Assert.Contains("127.0.0.1:8080 (MPTCP, to which the kernel does not steer: switch MPTCP off", Refusal(program), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_kernel_itself_takes_no_MPTCP_listener()
    {
        using var program = Start("mptcp/127.0.0.1/8080");
        using var process = ProcessHandle.TryOpen(program.Id);
        using var socket = ProcessFiles.SocketsOf(program.Id).Select(found => process!.TryFetch(found.Descriptor)).First();
        using var maps = SharedMaps.Create();
        var (slot, descriptor) = (0, (ulong)socket!.DangerousGetHandle());
        unsafe
        {
            Assert.True(Libbpf.MapUpdate(maps.Sockets, &slot, &descriptor, Libbpf.Any) < 0);
        }
    }

    [KernelFact]
    public void The_program_of_a_container_is_found_from_outside()
    {
        using var program = new SocketsProgram(_space, ["unshare", "--pid", "--mount", "--fork", "--kill-child"], "web", "tcp/127.0.0.1/8080");
        Assert.Equal(["tcp 127.0.0.1:8080"], Find(program));
    }

    [KernelFact]
    public void A_process_of_another_namespace_is_refused_with_both()
    {
        using var other = new NetworkNamespace();
        using var program = new SocketsProgram(other, "web", "tcp/127.0.0.1/8080");
        Assert.Matches(@"is in the network namespace net:\[\d+\], and the steering in net:\[\d+\]. Name the namespace of the process with --netns.$", Refusal(program));
    }

    [KernelFact]
    public void A_process_that_has_ended_is_refused()
    {
        using var program = Start("tcp/127.0.0.1/8080");
        program.Kill();
        Assert.Equal($"There is no process {program.Id}: it has ended, or never was.", Refusal(program));
    }

    [Fact]
    public void A_number_that_is_no_process_is_refused() =>
        Assert.Equal("There is no process 99999999: it has ended, or never was.", Refusal("99999999"));

    [KernelFact]
    public void A_PID_file_of_a_process_that_has_ended_is_refused()
    {
        using var directory = new TemporaryDirectory();
        using var program = Start("tcp/127.0.0.1/8080");
        program.Kill();
        var file = directory.Write("web.pid", program);
        Assert.Equal($"There is no process {program.Id}, which '{file}' names: it has ended.", Refusal(file));
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("started", "begins with 'started', and not with the number of a process.")]
    [InlineData("0", "begins with '0', and not with the number of a process.")]
    public void A_file_without_a_number_is_refused(string content, string message)
    {
        using var directory = new TemporaryDirectory();
        Assert.EndsWith(message, Refusal(directory.Write("web.pid", content)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_with_what_it_can_be() =>
        Assert.StartsWith("There is no process and no PID file '/run/missing.pid'. Expected", Refusal("/run/missing.pid"), StringComparison.Ordinal);

    [KernelFact]
    public void The_process_of_another_user_is_refused_with_the_missing_right()
    {
        using var program = Start("tcp/127.0.0.1/8080");
        var refusal = _space.Run(() =>
        {
            Tests.Kernel.Capabilities.DropFromThread();
            return Assert.Throws<SteeringException>(() => FoundSockets.Find(Source(program), ListenerFilter.All, _space.Path));
        });
        Assert.Equal($"Cannot get the sockets of the process {program.Id} ('python3'): the kernel does not allow it. Run this as the user of that process, or with CAP_SYS_PTRACE.", refusal.Message);
    }

    [Theory]
    [InlineData("sctp", "127.0.0.1", "80", "'sctp' is not a protocol; expected 'tcp', 'udp' or 'any'.")]
    [InlineData("tcp", "localhost", "80", "'localhost' is not an IPv4 or IPv6 address; expected the one that the program listens on, '0.0.0.0' or '::' where it listens on all, or '*'.")]
    [InlineData("tcp", "127.0.0.1", "70000", "'70000' is not a port; ports go from 1 to 65535.")]
    public void A_choice_that_makes_no_sense_is_refused(string protocol, string address, string port, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ListenerFilter.Parse(protocol, address, port)).Message);

    private SocketsProgram Start(params string[] sockets) => new(_space, "web", sockets);

    private static ProcessSource Source(SocketsProgram program) => ProcessSource.Parse(program.Id.ToString(CultureInfo.InvariantCulture));

    private string[] Find(SocketsProgram program, params string[] filter)
    {
        using var found = FoundSockets.Find(Source(program), Filter(filter), _space.Path);
        return [.. found.Descriptions.Select(text => text[..text.IndexOf(" of ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal)];
    }

    private string Refusal(SocketsProgram program, params string[] filter) => Refusal($"{program.Id}", filter);

    private string Refusal(string source, params string[] filter) =>
        Assert.Throws<SteeringException>(() => FoundSockets.Find(ProcessSource.Parse(source), Filter(filter), _space.Path)).Message;

    private static ListenerFilter Filter(string[] words) => words is [var protocol, var address, var port] ? ListenerFilter.Parse(protocol, address, port) : ListenerFilter.All;
}
