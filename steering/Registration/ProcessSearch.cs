using Everyport.Steering.Netlink;

namespace Everyport.Steering.Registration;

/// <summary>
/// Finds listeners among the descriptors of processes and of those that they have started. Children that run the same program
/// belong to it, as the workers of nginx do; others, as the shells that sshd starts, only where nobody else has a listener.
/// </summary>
internal sealed class ProcessSearch
{
    private readonly HashSet<int> _processes = [];
    private readonly List<ProcessSocket> _found = [];
    private readonly Dictionary<uint, OpenListener> _wanted;
    private SteeringException? _refusal;

    // The kernel may tell of one twice where sockets come and go while it lists them.
    private ProcessSearch(IEnumerable<OpenListener> wanted) => _wanted = wanted.Where(listener => listener.Inode != 0).DistinctBy(listener => listener.Inode).ToDictionary(listener => listener.Inode);

    /// <summary>Looks for these listeners: each once, in the order of the processes.</summary>
    /// <exception cref="SteeringException">This process may not look there.</exception>
    public static IReadOnlyList<ProcessSocket> Run(IReadOnlyList<int> processes, IEnumerable<OpenListener> wanted)
    {
        var search = new ProcessSearch(wanted);
        search.LookAt(processes);
        if (search._wanted.Count > 0)
            search.LookAtChildren(processes);
        return search._found.Count == 0 && search._refusal is { } refusal ? throw refusal : search._found;
    }

    /// <summary>All that a process has started, and what that has started.</summary>
    public static IEnumerable<int> Descendants(int process) => ProcessFiles.ChildrenOf(process).SelectMany(child => Descendants(child).Prepend(child));

    private void LookAtChildren(IReadOnlyList<int> processes)
    {
        var programs = processes.Select(ProcessFiles.ProgramOf).Where(program => program is not null).ToHashSet();
        int[] children = [.. processes.SelectMany(Descendants)];
        LookAt(children.Where(child => programs.Contains(ProcessFiles.ProgramOf(child))));
        if (_found.Count == 0)
            LookAt(children);
    }

    private void LookAt(IEnumerable<int> processes)
    {
        foreach (var process in processes.Where(_processes.Add))
        {
            if (_wanted.Count > 0)
                LookAt(process);
        }
    }

    private void LookAt(int process)
    {
        try
        {
            foreach (var (descriptor, inode) in ProcessFiles.SocketsOf(process))
            {
                if (_wanted.Remove(inode, out var listener))
                    _found.Add(new ProcessSocket(listener, process, descriptor));
            }
        }
        catch (SteeringException e)
        {
            _refusal ??= e;
        }
    }
}
