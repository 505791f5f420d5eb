using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>A packet of the server, taken out of the receive buffer.</summary>
/// <param name="Status">Anything but Ok: the bytes are no packet a client can read.</param>
/// <param name="Type">The packet type.</param>
/// <param name="PacketId">The identifier of an answer or of a QoS 1 message.</param>
/// <param name="Code">The code of an answer or of DISCONNECT; of a SUBACK the first.</param>
/// <param name="Reason">The reason string of DISCONNECT, or empty.</param>
/// <param name="Message">The message of a PUBLISH.</param>
/// <param name="Connect">The content of a CONNACK.</param>
internal readonly record struct ServerPacket(
    DecodeStatus Status,
    PacketType Type,
    ushort PacketId = 0,
    ReasonCode Code = ReasonCode.Success,
    string Reason = "",
    MqttMessage? Message = null,
    ServerConnAck? Connect = null);

/// <summary>CONNACK: the result for the caller, and what the server asks the client to keep to.</summary>
internal sealed record ServerConnAck(ConnectResult Result, uint PacketBytesMax, int ReceiveMaximum, int? KeepAliveSeconds);
