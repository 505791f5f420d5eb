using System.Diagnostics;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>The process itself.</summary>
internal static class ProcessMetrics
{
    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public static void Write(MetricsText text, TimeProvider clock)
    {
        var cpu = Environment.CpuUsage;
        text.Gauge("depin_process_start_time_seconds", "When the process began, seconds since 1970 UTC.", Started.ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("depin_process_uptime_seconds", "How long the process runs.", Math.Max(0, (clock.GetUtcNow() - Started).TotalSeconds));
        text.Counter("depin_process_cpu_seconds_total", "Processor time of user and system.", cpu.TotalTime.TotalSeconds);
        text.Gauge("depin_process_resident_memory_bytes", "Memory of the process in RAM.", Environment.WorkingSet);
        text.Gauge("depin_process_threads", "Threads of the .NET pool.", ThreadPool.ThreadCount);
        text.Gauge("depin_process_pool_queue", "Work that waits for a thread of the .NET pool.", ThreadPool.PendingWorkItemCount);
        text.Gauge("depin_gc_heap_bytes", "Live and dead objects of the managed heap.", GC.GetTotalMemory(false));
        text.Counter("depin_gc_allocated_bytes_total", "Bytes allocated on the managed heap.", GC.GetTotalAllocatedBytes());
        text.Counter("depin_gc_collections_total", "Garbage collections by generation.", "generation",
            Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new KeyValuePair<string, long>($"{generation}", GC.CollectionCount(generation))));
        text.Counter("depin_gc_pause_seconds_total", "Time that garbage collections stopped the process.", GC.GetTotalPauseDuration().TotalSeconds);
    }
}
