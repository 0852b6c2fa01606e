using Everyport.Steering;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Lifetime;

/// <summary>Notices when another process has taken over a pinned steering, or somebody has removed it.</summary>
internal sealed partial class SuccessorWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private volatile bool _isSteeringRemoved;

    public SuccessorWatch(AttachedSteering steering, Action onSuccessor, ILogger<SuccessorWatch> logger) =>
        _watching = WatchAsync(steering, onSuccessor, logger);

    /// <summary>Whether nothing is steered to this process any more, and nobody has taken over.</summary>
    public bool IsSteeringRemoved => _isSteeringRemoved;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(AttachedSteering steering, Action onSuccessor, ILogger logger)
    {
        using var timer = new PeriodicTimer(Interval);
        string? told = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    if (steering.HasSuccessor)
                    {
                        onSuccessor();
                        return;
                    }
                    if (!_isSteeringRemoved && steering.HasBeenRemoved)
                    {
                        _isSteeringRemoved = true;
                        Removed(logger);
                    }
                }
                catch (SteeringException e) when (e.Message != told)
                {
                    told = e.Message;
                    CannotTell(logger, told);
                }
                catch (SteeringException)
                {
                    // Told already.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody has removed the steering, as 'steerctl unload --force' does: nothing new reaches this process, and /readyz fails. Start it again")]
    private static partial void Removed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot tell whether another process has taken over: {Error}")]
    private static partial void CannotTell(ILogger logger, string error);
}
