using System.Threading.Channels;

namespace DePinEdge.Mqtt.Client;

/// <summary>An MQTT client for one connection: after it closed, a new object makes the next attempt. No thread of its own. Every failure is an <see cref="MqttException"/>.</summary>
public sealed class MqttClient : IAsyncDisposable
{
    /// <summary>Messages in order of arrival; completed when the connection ends.</summary>
    public ChannelReader<MqttMessage> Messages => throw new NotImplementedException();

    /// <summary>Completes, never fails, when the connection has ended.</summary>
    public Task<MqttClosed> Closed => throw new NotImplementedException();

    /// <summary>Connects, once. A refusal is a result, everything else that fails an exception.</summary>
    public Task<ConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Subscribes; the answer is the granted QoS (as a code below 0x80) or the refusal.</summary>
    public Task<ReasonCode> SubscribeAsync(string filter, QoS qos, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends a subscription.</summary>
    public Task<ReasonCode> UnsubscribeAsync(string filter, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Publishes. QoS 0 completes when handed to the transport, QoS 1 at PUBACK with its code.</summary>
    public Task<ReasonCode> PublishAsync(string topic, ReadOnlyMemory<byte> payload, QoS qos, bool retain, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Says DISCONNECT and closes.</summary>
    public Task DisconnectAsync(ReasonCode code = ReasonCode.Success, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Closes as <see cref="DisconnectAsync"/> does.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
