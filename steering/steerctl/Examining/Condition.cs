using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli.Examining;

/// <summary>What is known of the machine and of a steering, read once; checks only look at this.</summary>
internal sealed record Condition
{
    public required string PinPath { get; init; }

    public required KernelFacts Kernel { get; init; }

    /// <summary>The namespace that is steered.</summary>
    public NamespaceFacts Network { get; init; } = new();

    /// <summary>The names of programs that listen, by the inode of their sockets.</summary>
    public IReadOnlyDictionary<uint, string> Owners { get; init; } = new Dictionary<uint, string>();

    /// <summary>Null where nothing is loaded, or where that cannot be read.</summary>
    public SteeringSnapshot? Steering { get; init; }

    /// <summary>Why it cannot be read.</summary>
    public string? ReadError { get; init; }

    /// <summary>Whether it cannot be read as it is not understood, and not as this user may not.</summary>
    public bool IsNotUnderstood { get; init; }

    public static Condition Read(SteeringOptions options)
    {
        var condition = SteeringInspection.In(options.NetworkNamespace, () =>
        {
            var network = SteeringInspection.ReadNamespace();
            return new Condition
            {
                PinPath = options.PinPath!,
                Kernel = KernelFacts.Read(),
                Network = network,
                Owners = SocketOwners.Read(network.Listeners.Select(listener => listener.Inode).ToHashSet()),
            };
        });
        try
        {
            using var control = SteeringControl.Open(options);
            return condition with { Steering = control.Read() };
        }
        catch (SteeringException e)
        {
            return condition with { ReadError = e.Message, IsNotUnderstood = e.IsNotUnderstood };
        }
        catch (DllNotFoundException)
        {
            return condition; // that libbpf is missing is found by itself
        }
    }
}
