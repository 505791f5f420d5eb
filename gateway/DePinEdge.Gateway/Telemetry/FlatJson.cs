using System.Buffers;
using System.Text.Json;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>Writes one JSON object, flat but for the data of an event: numbers are numbers, absent means unknown. Names and units are protocol.md's.</summary>
public sealed class FlatJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);
    private readonly Utf8JsonWriter writer;

    public FlatJson()
    {
        writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
    }

    public FlatJson Add(string name, string value)
    {
        writer.WriteString(name, value);
        return this;
    }

    public FlatJson Add(string name, long value)
    {
        writer.WriteNumber(name, value);
        return this;
    }

    /// <summary>Text that is left out while there is none.</summary>
    public FlatJson AddKnown(string name, string value) => value.Length == 0 ? this : Add(name, value);

    /// <summary>A number that is left out while it is 0, which stands for unknown.</summary>
    public FlatJson AddKnown(string name, long value) => value == 0 ? this : Add(name, value);

    /// <summary>What follows stands in an object of this name, to the end.</summary>
    public FlatJson Begin(string name)
    {
        writer.WriteStartObject(name);
        return this;
    }

    /// <summary>A decimal with at most three places; integers stay integers.</summary>
    public FlatJson Add(string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, Math.Round((decimal)value, 3));
        return this;
    }

    /// <summary>Scaled integers of the wire as decimals: 2143 with scale 100 is 21.43.</summary>
    public FlatJson AddScaled(string name, int value, int scale)
    {
        writer.WriteNumber(name, (decimal)value / scale);
        return this;
    }

    public byte[] ToBytes()
    {
        while (writer.CurrentDepth > 0)
            writer.WriteEndObject();
        writer.Flush();
        writer.Dispose();
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
