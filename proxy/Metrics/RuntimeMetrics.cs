using System.Diagnostics.Metrics;

namespace Everyport.Proxy.Metrics;

/// <summary>
/// How the runtime is. Not by its own meter: that calls sizes of queues counters, and has names that Prometheus keeps for histograms.
/// </summary>
internal static class RuntimeMetrics
{
    public static void Add(Meter meter)
    {
        meter.CreateObservableCounter("dotnet_gc_collections", Collections, unit: null, "Garbage collections, by the oldest generation that they went through.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds", static () => GC.GetTotalPauseDuration().TotalSeconds, unit: null, "How long garbage collections have stopped everything, in seconds.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes", static () => GC.GetTotalAllocatedBytes(), unit: null, "Bytes that were allocated on the managed heap.");
        meter.CreateObservableGauge("dotnet_gc_heap_bytes", static () => GC.GetGCMemoryInfo().HeapSizeBytes, unit: null, "Bytes of the managed heap after the last garbage collection.");
        meter.CreateObservableGauge("dotnet_gc_committed_bytes", static () => GC.GetGCMemoryInfo().TotalCommittedBytes, unit: null, "Bytes of memory that the managed heap has had from the system at the last garbage collection.");
        meter.CreateObservableGauge("dotnet_thread_pool_threads", static () => (long)ThreadPool.ThreadCount, unit: null, "Threads of the thread pool.");
        meter.CreateObservableGauge("dotnet_thread_pool_waiting", static () => ThreadPool.PendingWorkItemCount, unit: null, "What waits for a thread of the thread pool.");
        meter.CreateObservableCounter("dotnet_thread_pool_work_items", static () => ThreadPool.CompletedWorkItemCount, unit: null, "What threads of the thread pool have done.");
        meter.CreateObservableCounter("dotnet_lock_contentions", static () => Monitor.LockContentionCount, unit: null, "Times that a thread had to wait for a lock.");
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        var older = 0;
        for (var generation = GC.MaxGeneration; generation >= 0; generation--)
        {
            // One of an older generation goes through the younger ones as well.
            var count = GC.CollectionCount(generation);
            yield return new(count - older, new KeyValuePair<string, object?>("generation", generation));
            older = count;
        }
    }
}
