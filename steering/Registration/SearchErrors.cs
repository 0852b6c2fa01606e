using Everyport.Steering.Netlink;
using Everyport.Steering.Sockets;

namespace Everyport.Steering.Registration;

/// <summary>Why no socket of a program can be registered, in words for whoever has named it.</summary>
internal static class SearchErrors
{
    private const int MostSockets = 20;

    public static SteeringException Ambiguous(int process, IReadOnlyList<OpenListener> places) => new(
        $"The process {ProcessFiles.Describe(process)} listens at several places: {string.Join(", ", places.Select(ListenerText.Of))}. "
        + $"Choose one with PROTO ADDRESS PORT, for example '{ListenerText.AsArguments(places[0])}'.");

    public static SteeringException NothingFound(IReadOnlyList<int> processes, ListenerFilter filter, string networkNamespace)
    {
        var first = processes[0];
        var process = ProcessFiles.Describe(first);
        if (ProcessFiles.NetworkNamespaceOf(first) is { } theirs && SocketNamespace.NameOf(networkNamespace) is var steered && theirs != steered)
            return new SteeringException($"The process {process} is in the network namespace {theirs}, and the steering in {steered}. Name the namespace of the process with --netns.");

        var ours = SocketNamespace.OfFile(networkNamespace);
        var sockets = processes.Concat(processes.SelectMany(ProcessSearch.Descendants)).Distinct().SelectMany(id => Describe(id, ours)).Distinct().Take(MostSockets + 1).ToArray();
        var has = sockets.Length switch
        {
            0 => "It has no TCP and no UDP socket.",
            > MostSockets => $"It has: {string.Join("; ", sockets.Take(MostSockets))}; and more.",
            _ => $"It has: {string.Join("; ", sockets)}.",
        };
        var wanted = filter == ListenerFilter.All ? "has no socket that can be steered to" : $"does not listen on '{filter}'";
        return new SteeringException($"The process {process} {wanted}. {has}");
    }

    /// <summary>Each TCP and UDP socket of a process, with what it is.</summary>
    private static IEnumerable<string> Describe(int process, ulong? ours)
    {
        using var handle = ProcessHandle.TryOpen(process);
        foreach (var (descriptor, _) in ProcessFiles.SocketsOf(process))
        {
            using var socket = handle?.TryFetch(descriptor);
            if (socket is not null && What(Listener.TryInspect(socket, out _)) is { } what)
                yield return $"{LocalEndpoint.Of(socket)} ({what}{(SocketNamespace.Of(socket) == ours ? "" : " in another network namespace")})";
        }
    }

    private static string? What(ListenerFault fault) => fault switch
    {
        ListenerFault.None => "a listener",
        ListenerFault.Mptcp => $"MPTCP, to which the kernel does not steer: {Listener.WithoutMptcp}",
        ListenerFault.Connection => "a TCP connection",
        ListenerFault.NotListening => "a TCP socket that does not listen",
        ListenerFault.Connected => "a connected UDP socket",
        _ => null,
    };
}
