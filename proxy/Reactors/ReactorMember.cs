namespace Everyport.Proxy.Reactors;

/// <summary>A reactor and what works on it, for use from other threads.</summary>
internal readonly record struct ReactorMember<T>(Reactor Reactor, T Worker)
{
    /// <summary>Runs something on the reactor; its result, or its exception, arrives where it is awaited.</summary>
    public Task<TResult> RunAsync<TResult>(Func<T, ValueTask<TResult>> action)
    {
        var (member, result) = (Worker, new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        Reactor.Post(_ => Run(), null);
        return result.Task;

        async void Run()
        {
            try
            {
                result.SetResult(await action(member));
            }
            catch (OperationCanceledException e)
            {
                result.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        }
    }
}
