using DePinEdge.Gateway.Flow;
using Microsoft.Extensions.Logging;

namespace DePinEdge.Gateway;

/// <summary>The core's log lines. Event ids 100 to 199.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(100, LogLevel.Information, "device {Device} joined ({Board})")]
    public static partial void DeviceJoined(this ILogger log, DeviceId device, string board);

    [LoggerMessage(101, LogLevel.Information, "device {Device} is ready")]
    public static partial void DeviceReady(this ILogger log, DeviceId device);

    [LoggerMessage(102, LogLevel.Information, "device {Device} left: {Why}")]
    public static partial void DeviceLost(this ILogger log, DeviceId device, string why);

    [LoggerMessage(103, LogLevel.Warning, "refused {Who}: {Reason}: {Detail}")]
    public static partial void Refused(this ILogger log, string who, string reason, string detail);

    [LoggerMessage(110, LogLevel.Information, "job {Job} submitted: {Tasks} tasks, {EscrowMicro} micro-credits in escrow")]
    public static partial void JobSubmitted(this ILogger log, JobId job, long tasks, long escrowMicro);

    [LoggerMessage(111, LogLevel.Information, "job {Job} {State}: {Done} done, {Failed} failed")]
    public static partial void JobEnded(this ILogger log, JobId job, JobState state, long done, long failed);

    [LoggerMessage(120, LogLevel.Information, "epoch {Epoch} sealed over {Accounts} accounts")]
    public static partial void EpochSealed(this ILogger log, long epoch, int accounts);
}
