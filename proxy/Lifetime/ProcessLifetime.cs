using System.Runtime.InteropServices;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// When the process ends, and how fast: SIGTERM and SIGINT end it when what is open has ended, and a second one of them at once.
/// </summary>
internal sealed class ProcessLifetime : IDisposable
{
    private readonly TaskCompletionSource<string> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _now = new();
    private readonly List<IDisposable> _registrations = [];

    /// <summary>Listens for signals from here on.</summary>
    public ProcessLifetime(CancellationToken cancelled)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(cancelled.Register(() => End("the command was cancelled")));
    }

    /// <summary>Whether <see cref="Ending"/> has completed.</summary>
    public bool IsEnding => _ending.Task.IsCompleted;

    /// <summary>Completes when the process is to end, with the reason.</summary>
    public Task<string> Ending => _ending.Task;

    /// <summary>Cancelled when it is to wait for nothing more.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Has the process end. Once it is ending, this does nothing.</summary>
    public void End(string reason) => _ending.TrySetResult(reason);

    /// <summary>Has it end, or end at once where it is ending already.</summary>
    public void EndOrHurry(string reason)
    {
        if (!_ending.TrySetResult(reason))
            _now.Cancel();
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _now.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        EndOrHurry(signal.Signal.ToString());
    }
}
