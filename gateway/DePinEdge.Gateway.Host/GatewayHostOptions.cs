using System.Net;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DePinEdge.Gateway.Host;

/// <summary>
/// What a gateway process is started with. The last group are seams for tests and the demo; an operator never sees them.
/// </summary>
public sealed record GatewayHostOptions
{
    /// <summary>The folder that holds the ledger, the site's key and the API token; made (mode 0700) when absent.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where the broker's port listens. Loopback unless an operator says otherwise; the API stays on loopback in any case.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port of the broker; 0 takes a free one. 1883 is MQTT's registered port.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>TCP port of the API on 127.0.0.1; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>The domain's own options.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>
    /// Least time between two commits under load, milliseconds, 0 to 1,000. 20 suits an SSD, 100 an SD card (storage.md); the first
    /// record after a quiet time never waits.
    /// </summary>
    public int LingerMs { get; init; } = 20;

    /// <summary>Bytes held back on the disk and given up when it is full; at least twice the WAL limit of 16 MB.</summary>
    public long BallastBytes { get; init; } = 40L << 20;

    /// <summary>Inputs of connections that may wait for the core loop; beyond it sockets are not read (TCP pushes back).</summary>
    public int InboxMax { get; init; } = 2_048;

    /// <summary>Threads that recompute results; 0: one less than the processors, at least one.</summary>
    public int Workers { get; init; }

    /// <summary>HTTP connections at once; beyond it a connection is closed as it comes.</summary>
    public int HttpConnectionsMax { get; init; } = 512;

    /// <summary>Event streams at once (progress of jobs, the page); beyond it the request is refused (429).</summary>
    public int EventStreamsMax { get; init; } = 64;

    /// <summary>Where the process logs.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clocks: timestamps for deadlines, UTC for records.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where nonces and secrets come from; null: the operating system.</summary>
    public IEntropySource? Entropy { get; init; }

    /// <summary>The broker's own limits; null: those that fit <see cref="Gateway"/>.</summary>
    public BrokerOptions? Broker { get; init; }

    /// <summary>Wraps the store: a test kills the process in or right after a commit, or makes one fail.</summary>
    public Func<ITurnStore, ITurnStore> StoreDecorator { get; init; } = static store => store;

    /// <summary>Called on the loop's thread after a turn's outputs were handed to the sockets.</summary>
    public Action? AfterFlush { get; init; }

    /// <summary>Throws <see cref="ArgumentException"/> naming the first key out of range.</summary>
    public void Validate()
    {
        Check(DataFolder.Length > 0, nameof(DataFolder), "must name a folder");
        Check(MqttPort is >= 0 and <= 65_535, nameof(MqttPort), "must be 0 to 65,535");
        Check(HttpPort is >= 0 and <= 65_535, nameof(HttpPort), "must be 0 to 65,535");
        Check(LingerMs is >= 0 and <= 1_000, nameof(LingerMs), "must be 0 to 1,000");
        Check(BallastBytes is 0 or >= 1 << 20, nameof(BallastBytes), "must be 0 (none) or at least 1 MB");
        Check(InboxMax is >= 2 and <= 1_000_000, nameof(InboxMax), "must be 2 to 1,000,000");
        Check(Workers is >= 0 and <= 256, nameof(Workers), "must be 0 to 256");
        Check(HttpConnectionsMax is >= 1 and <= 100_000, nameof(HttpConnectionsMax), "must be 1 to 100,000");
        Check(EventStreamsMax is >= 1 and <= 100_000, nameof(EventStreamsMax), "must be 1 to 100,000");
        Gateway.Validate();
        Broker?.Validate();
    }

    private static void Check(bool good, string key, string rule)
    {
        if (!good)
            throw new ArgumentException($"Host:{key} {rule}");
    }
}
