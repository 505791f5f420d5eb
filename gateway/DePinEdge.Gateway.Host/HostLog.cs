namespace DePinEdge.Gateway.Host;

/// <summary>What start and stop tell an operator. Event ids 5050 to 5069.</summary>
internal static partial class HostLog
{
    [LoggerMessage(5050, LogLevel.Warning, "{Repair}")]
    public static partial void Repaired(this ILogger log, string repair);
}
