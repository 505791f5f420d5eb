using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Simulation.Network;

/// <summary>
/// A bad intermediary in one direction of a connection: it duplicates PUBLISH packets, acknowledges them and throws them away, or
/// acknowledges them and sends them after the next one. The MACs of the frames inside must show all of it.
/// </summary>
/// <param name="onward">Where packets go.</param>
/// <param name="back">Where its own acknowledgements go.</param>
public sealed class Relay(Dice dice, Line line, int version, Lane onward, Lane back)
{
    private (byte[] Packet, Action? Arrived)? kept;

    /// <summary>Several packets in one piece.</summary>
    public void PassAll(byte[] bytes)
    {
        if (line.RelayPermille == 0 && kept is null)
        {
            onward.Send(bytes);
            return;
        }
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            SimulationException.Require(Frame.TryRead(rest, int.MaxValue, out var frame) == DecodeStatus.Ok, "the gateway sent half a packet");
            Pass(rest[..frame.Bytes].ToArray(), null);
            rest = rest[frame.Bytes..];
        }
    }

    /// <summary>One packet.</summary>
    public void Pass(byte[] packet, Action? arrived)
    {
        var spoiled = line.RelayPermille > 0 && packet[0] >> 4 == (int)PacketType.Publish && (packet[0] & 6) != 0 && dice.Permille(line.RelayPermille);
        switch (spoiled ? dice.Below(3) : -1)
        {
            case 0:
                onward.Send(packet, arrived);
                onward.Send(packet, arrived);
                break;
            case 1:
                Acknowledge(packet);
                break;
            case 2 when kept is null:
                Acknowledge(packet);
                kept = (packet, arrived);
                return;
            default:
                onward.Send(packet, arrived);
                break;
        }
        if (kept is not { } late || packet[0] >> 4 != (int)PacketType.Publish)
            return;
        kept = null;
        onward.Send(late.Packet, late.Arrived);
    }

    private void Acknowledge(byte[] packet)
    {
        SimulationException.Require(Frame.TryRead(packet, int.MaxValue, out var frame) == DecodeStatus.Ok, "half a packet was sent");
        var scope = PropertyScope.PublishToClient;
        SimulationException.Require(PublishPacket.TryRead(frame, version, scope, out var publish) == DecodeStatus.Ok, "a PUBLISH does not read");
        var bytes = new byte[8];
        back.Send(bytes[..new AckPacket { Type = PacketType.PubAck, PacketId = publish.PacketId }.Write(bytes, version)]);
    }
}
