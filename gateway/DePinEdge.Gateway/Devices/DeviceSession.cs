using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Devices;

/// <summary>A device's open session: its two frame chains and what it granted. Not durable: a new session starts new chains.</summary>
public sealed class DeviceSession(BrokerClient client, string downTopic, SessionChains chains)
{
    public BrokerClient Client { get; } = client;

    public string DownTopic { get; } = downTopic;

    public SessionChains Chains { get; } = chains;

    /// <summary>True once the birth was read: before that a device gets no work.</summary>
    public bool Born { get; set; }

    /// <summary>Batches the device will take now, beyond those it has.</summary>
    public int Window { get; set; }

    /// <summary>The largest window granted in this session: how many batches the board can have at once.</summary>
    public int WindowMax { get; set; }

    /// <summary>The sequence number up to which missing frames were already asked for.</summary>
    public uint ResendAskedTo { get; set; }

    /// <summary>Frames that did not fit this session.</summary>
    public int BadFrames { get; set; }

    /// <summary>When the board promised to wake, in its Goodbye; null before one, or without a promise.</summary>
    public Instant? WakesAt { get; set; }

    /// <summary>An open key offer's command id, or 0.</summary>
    public long NewKeyCommand { get; set; }
}
