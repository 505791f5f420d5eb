namespace DePinEdge.Gateway.Host.Loop;

/// <summary>What the core loop tells an operator. Event ids 5000 to 5049.</summary>
internal static partial class LoopLog
{
    [LoggerMessage(5000, LogLevel.Warning, "The disk is full: turn {Seq} is kept and tried again every second, nothing new is dispatched. {Detail}")]
    public static partial void DiskFull(this ILogger log, long seq, string detail);

    [LoggerMessage(5001, LogLevel.Information, "The disk has room again: turn {Seq} is stored")]
    public static partial void DiskTurnStored(this ILogger log, long seq);

    [LoggerMessage(5002, LogLevel.Information, "The reserve on the disk is back: dispatching goes on")]
    public static partial void DiskRecovered(this ILogger log);

    [LoggerMessage(5003, LogLevel.Critical, "Stopping: nobody knows whether the last turn is stored. Start again: the store says what is there. {Detail}")]
    public static partial void StoreUnknown(this ILogger log, string detail);

    [LoggerMessage(5004, LogLevel.Critical, "Stopping on a fault of this program rather than go on with books that are no longer trusted")]
    public static partial void Broken(this ILogger log, Exception failure);

    [LoggerMessage(5005, LogLevel.Error, "Stopping with turn {Seq} not stored, as the disk is still full; nothing that depends on it was sent")]
    public static partial void StoppedFull(this ILogger log, long seq);

    [LoggerMessage(5006, LogLevel.Information, "Stopped after {Commits} turns")]
    public static partial void Stopped(this ILogger log, long commits);
}
