using System.Buffers;
using System.Text.Json;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>
/// Home Assistant's discovery of a whole device in one message: what it is, where it says that it is there, and a sensor for each value
/// that it measures. Format: home-assistant.io/integrations/mqtt, "Device discovery payload"; an empty payload removes the device.
/// </summary>
internal static class HomeAssistant
{
    /// <summary>States that the topic device/{id}/state can say.</summary>
    public static readonly string[] States = ["init", "ready", "sleeping", "updating", "throttled", "held", "lost"];

    public static byte[] Config(DeviceBorn birth, string site, string version, TopicNames topics)
    {
        var device = birth.Device.Value;
        var prefix = $"depin_{site}_{device}";
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("device");
        json.WriteStartArray("identifiers");
        json.WriteStringValue(prefix);
        json.WriteEndArray();
        json.WriteString("name", device);
        json.WriteString("manufacturer", "DePinEdge");
        json.WriteString("model", birth.Chip.Length > 0 ? $"{birth.Board} ({birth.Chip})" : birth.Board);
        json.WriteString("sw_version", birth.Firmware);
        json.WriteEndObject();
        json.WriteStartObject("origin");
        json.WriteString("name", "DePinEdge gateway");
        json.WriteString("sw_version", version);
        json.WriteEndObject();
        json.WriteString("availability_topic", topics.DeviceStatus(device));
        json.WriteString("payload_available", "online");
        json.WriteString("payload_not_available", "offline");
        json.WriteNumber("qos", 1);
        json.WriteStartObject("components");
        State(json, prefix, topics.DeviceState(device));
        foreach (var reading in Reading.All)
            if (reading.IsIn(birth.SensorBits | Reading.Always))
                Sensor(json, prefix, topics.DeviceTelemetry(device, reading.Group), reading);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Sensor(Utf8JsonWriter json, string prefix, string topic, Reading reading)
    {
        // A value that a report lacks is unknown to Home Assistant, which is what None says.
        Start(json, prefix, reading.Name, reading.Label, topic, $"{{{{ value_json.{reading.Name} | default(None) }}}}");
        if (reading.DeviceClass.Length > 0)
            json.WriteString("device_class", reading.DeviceClass);
        if (reading.Unit.Length > 0)
            json.WriteString("unit_of_measurement", reading.Unit);
        json.WriteString("state_class", reading.Total ? "total_increasing" : "measurement");
        if (reading.Group == "system")
            json.WriteString("entity_category", "diagnostic");
        json.WriteEndObject();
    }

    private static void State(Utf8JsonWriter json, string prefix, string topic)
    {
        Start(json, prefix, "state", "State", topic, "{{ value_json.state }}");
        json.WriteString("device_class", "enum");
        json.WriteStartArray("options");
        foreach (var state in States)
            json.WriteStringValue(state);
        json.WriteEndArray();
        json.WriteString("entity_category", "diagnostic");
        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, string prefix, string name, string label, string topic, string template)
    {
        json.WriteStartObject(name);
        json.WriteString("platform", "sensor");
        json.WriteString("unique_id", $"{prefix}_{name}");
        json.WriteString("name", label);
        json.WriteString("state_topic", topic);
        json.WriteString("value_template", template);
    }
}
