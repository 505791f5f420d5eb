using System.Buffers;
using System.Text;
using System.Text.Json;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>A message as `watch --json` prints it: {topic, payload}; JSON stays JSON, text is a string, a cleared topic null.</summary>
internal static class WatchLine
{
    public static string Of(MqttMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Payload.Length + 128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("topic", message.Topic);
            json.WritePropertyName("payload");
            if (message.Payload.Length == 0)
                json.WriteNullValue();
            else if (Parse(message.Payload) is { } parsed)
                using (parsed)
                    parsed.RootElement.WriteTo(json);
            else
                json.WriteStringValue(Encoding.UTF8.GetString(message.Payload));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The payload as a JSON object, or null when it is none.</summary>
    public static JsonDocument? Parse(byte[] payload)
    {
        try
        {
            return payload is [(byte)'{', ..] ? JsonDocument.Parse(payload) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
