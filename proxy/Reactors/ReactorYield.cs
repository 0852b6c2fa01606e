using System.Runtime.CompilerServices;

namespace Everyport.Proxy.Reactors;

/// <summary>What <see cref="Reactor.Yield"/> awaits: goes on after the other sockets had their turn.</summary>
internal readonly struct ReactorYield(Reactor reactor) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public ReactorYield GetAwaiter() => this;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => reactor.Enqueue(static state => ((Action)state!)(), continuation);

    public void GetResult()
    {
    }
}
