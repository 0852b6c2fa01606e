using System.Runtime.CompilerServices;

namespace Everyport.Proxy.Reactors;

/// <summary>Awaited, it goes on on the thread pool: for what computes too long for a thread that serves everybody.</summary>
internal readonly struct ThreadPoolEntry : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public ThreadPoolEntry GetAwaiter() => this;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);

    public void GetResult()
    {
    }
}
