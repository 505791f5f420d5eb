// One MQTT client of a bench: packets in memory, no socket, no clock.
using DePinEdge.Gateway;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Simulation.Network;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>Speaks MQTT to a <see cref="GatewayCore"/> through its broker's byte seam.</summary>
internal sealed class BenchClient
{
    private readonly CoreBench bench;
    private readonly MqttEnd mqtt;
    private BrokerConnection? connection;
    private bool delivering;

    private BenchClient(CoreBench bench, int version)
    {
        this.bench = bench;
        mqtt = new MqttEnd(version, Send)
        {
            ConnAckRead = code => Connected = code,
            SubAckRead = code => SubscribeCode = code,
            PubAckRead = (_, code) => Acks.Add(code),
            MessageRead = message =>
            {
                Received.Add((message.Topic, message.Payload));
                Flags.Add((message.QoS, message.Retain));
            },
        };
    }

    public bool Open => connection is not null;

    /// <summary>The CONNACK's code, once there was one.</summary>
    public ReasonCode? Connected { get; private set; }

    /// <summary>Codes of PUBACKs in order.</summary>
    public List<ReasonCode> Acks { get; } = [];

    /// <summary>The last SUBACK's code.</summary>
    public byte SubscribeCode { get; private set; }

    public List<(string Topic, byte[] Payload)> Received { get; } = [];

    /// <summary>The flags of each message received.</summary>
    public List<(QoS QoS, bool Retain)> Flags { get; } = [];

    public static BenchClient Connect(CoreBench bench, string clientId, string? user, string? password, int version = 4, bool loopback = true)
    {
        var client = new BenchClient(bench, version);
        client.connection = bench.Core.ConnectionOpened(new RemoteEndpoint(loopback ? "127.0.0.1" : "10.1.2.3", 40_000, loopback), bench.Now);
        Assert.NotNull(client.connection);
        client.connection.Tag = client;
        client.mqtt.Connect(clientId, user, password, 0);
        return client;
    }

    public void Subscribe(string filter) => mqtt.Subscribe(filter);

    public void Publish(string topic, ReadOnlySpan<byte> payload) => mqtt.Publish(topic, payload);

    /// <summary>The cable is pulled.</summary>
    public void Drop()
    {
        if (connection is not { } gone)
            return;
        connection = null;
        bench.Core.ConnectionClosed(gone, "dropped", bench.Now);
    }

    /// <summary>Bytes from the gateway.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes, bool close)
    {
        delivering = true;
        mqtt.Receive(bytes);
        delivering = false;
        if (close)
            Drop();
    }

    private void Send(byte[] packet)
    {
        // What answers a delivery goes out after all deliveries of the turn.
        if (delivering)
            bench.Later(() => Give(packet));
        else
            Give(packet);
    }

    private void Give(byte[] packet)
    {
        if (connection is { } open)
            bench.Core.BytesReceived(open, packet, bench.Now);
    }
}
