using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>What a job would cost, from a few of its tasks run on the gateway's own engine.</summary>
/// <param name="Tasks">Tasks of the job.</param>
/// <param name="Sampled">How many were run, evenly spread over the job.</param>
/// <param name="FuelTotal">Mean fuel of the samples times tasks.</param>
/// <param name="CreditsMicro">At the price asked and full quality, without the timeliness bonus.</param>
/// <param name="CreditsMaxMicro">The most that can be escrowed: every task at its fuel limit.</param>
/// <param name="Seconds">On the boards that are online now; null when none is.</param>
/// <param name="Problems">Samples that trapped or returned a status, in words.</param>
public sealed record EstimateView(
    string Program, string ProgramName, long Tasks, int Sampled, long FuelMin, long FuelMean, long FuelMax, long FuelTotal, long PriceMicro,
    long CreditsMicro, long CreditsMaxMicro, double? Seconds, IReadOnlyList<string> Problems);

/// <summary>The process in numbers.</summary>
public sealed record StatusView(
    string Version, string Site, int MqttPort, int HttpPort, GatewayCounters Counters, BrokerStatus Broker, LoopStatus Loop,
    LiveCounters Live);

/// <summary>The broker's main counters.</summary>
public sealed record BrokerStatus(
    long Connections, long Sessions, long Subscriptions, long RetainedMessages, long PublishesIn, long PublishesOut, long PublishesRefused,
    long ConnectsRefused, long DroppedSlowSubscriber, long BytesIn, long BytesOut);

/// <summary>The core loop's and the shell's main counters.</summary>
public sealed record LoopStatus(
    long Commits, long Records, long CommitMicroseconds, long LongestCommitMicroseconds, long FullDisk, long InboxWaits, int WorkWaiting, long WorkDone);

/// <summary>GET /readyz.</summary>
/// <param name="Problems">Why the gateway is not ready; empty when it is.</param>
public sealed record ReadyView(bool Ready, IReadOnlyList<string> Problems);
