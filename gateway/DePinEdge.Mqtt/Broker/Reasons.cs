using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// Reason strings on acknowledgements: for people who look at a client's log. An MQTT 5 client that asked for no problem information
/// gets none (MQTT-3.1.2-29); CONNACK and DISCONNECT may carry them in any case.
/// </summary>
internal static class Reasons
{
    /// <summary>Room for the longest reason that is sent, as a property.</summary>
    public const int BytesMax = 256;

    /// <summary>The property in <paramref name="space"/>, or nothing.</summary>
    public static ReadOnlySpan<byte> For(BrokerConnection connection, string reason, Span<byte> space)
    {
        if (connection.ProtocolVersion < ProtocolVersion.V5 || !connection.ProblemInformation || reason.Length == 0
            || Encoding.UTF8.GetByteCount(reason) > space.Length - 3)
            return default;
        var properties = new PropertyWriter(space);
        properties.Add(PropertyId.ReasonString, reason);
        return space[..properties.Written.Length];
    }
}
