using DePinEdge.Mqtt;
using DePinEdge.Simulation.Network;
using DePinEdge.Simulation.Plans;

namespace DePinEdge.Simulation.Boards;

/// <summary>
/// Somebody who listened on a board's link and says again what he heard: the log-in, and then frames. He has no key, so that nothing of
/// it may have an effect but refusals, and where he comes before the board's own log-in, a session that nobody can use.
/// </summary>
public sealed class Thief
{
    private const int FramesSaid = 5;

    private readonly Link link;

    /// <param name="connect">A CONNECT packet as it was sent.</param>
    /// <param name="topic">Where the frames were sent to.</param>
    /// <param name="frames">Frames as they were sent.</param>
    public Thief(EventQueue time, Dice dice, BoardPlan victim, IGatewaySide gateway, byte[] connect, string listens, string topic, IReadOnlyList<byte[]> frames)
    {
        MqttEnd mqtt = null!;
        link = new Link(time, dice, new Line(victim with { RelayPermille = 0 }), victim.MqttVersion, $"thief{victim.Number}", gateway, bytes => mqtt.Receive(bytes), () => { });
        mqtt = new MqttEnd(victim.MqttVersion, packet => link.SendUp(packet))
        {
            ConnAckRead = code =>
            {
                if (code == ReasonCode.Success)
                    mqtt.Subscribe(listens);
            },
            SubAckRead = _ =>
            {
                foreach (var frame in frames.TakeLast(FramesSaid))
                    mqtt.Publish(topic, frame);
            },
        };
        link.SendUp(connect);
        time.After(20_000, link.CloseAtBoard);
    }
}
