using System.Runtime.CompilerServices;

namespace Everyport.Proxy.Reactors;

/// <summary>What <see cref="Reactor.Enter"/> awaits: goes on at once on the reactor's thread, and from any other one comes there.</summary>
internal readonly struct ReactorEntry(Reactor reactor) : ICriticalNotifyCompletion
{
    public bool IsCompleted => reactor.IsCurrent;

    public ReactorEntry GetAwaiter() => this;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => reactor.Post(static state => ((Action)state!)(), continuation);

    public void GetResult()
    {
    }
}
