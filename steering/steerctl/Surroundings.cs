using System.Runtime.InteropServices;

namespace Everyport.Steering.Cli;

/// <summary>What a verb reads and writes outside of itself, so that tests can stand in for it.</summary>
internal sealed record Surroundings
{
    /// <summary>A registration ends when it is collected.</summary>
    private static readonly List<PosixSignalRegistration> Signals = [];

    /// <summary>Results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens what <c>-</c> stands for in place of a file.</summary>
    public Func<Stream> OpenInput { get; init; } = () => Stream.Null;

    /// <summary>The value of a variable of the environment, or null.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether somebody looks at <see cref="Output"/>, and it can be drawn again.</summary>
    public Func<bool> IsTerminal { get; init; } = () => false;

    /// <summary>Asked for by verbs that run until they are stopped: canceled when they are to end.</summary>
    public Func<CancellationToken> WhenStopped { get; init; } = () => CancellationToken.None;

    /// <summary>Whether nobody reads <see cref="Output"/> any more.</summary>
    public Func<bool> NobodyReads { get; init; } = () => false;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess()
    {
        var output = new StandardStream(descriptor: 1);
        return new Surroundings
        {
            Output = new StreamWriter(output, bufferSize: 64 * 1024),
            Error = new StreamWriter(new StandardStream(descriptor: 2), bufferSize: 1024) { AutoFlush = true },
            OpenInput = Console.OpenStandardInput,
            Environment = System.Environment.GetEnvironmentVariable,
            IsTerminal = () => !Console.IsOutputRedirected,
            WhenStopped = StopOnSignals,
            NobodyReads = () => output.IsBroken,
        };
    }

    private static CancellationToken StopOnSignals()
    {
        var stopping = new CancellationTokenSource();
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            Signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stopping.Cancel();
            }));
        }
        return stopping.Token;
    }
}
