using System.Buffers.Binary;
using System.Text.Unicode;

namespace DePinEdge.Mqtt.Codec;

/// <summary>Reads MQTT's data types (section 1.5) off a span. A method that returns false has found too few or wrong bytes; the reader is
/// then of no more use.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (_rest.IsEmpty) return false;
        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value)) return false;
        _rest = _rest[2..];
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value)) return false;
        _rest = _rest[4..];
        return true;
    }

    /// <summary>A variable byte integer in its shortest form (MQTT-1.5.5-1).</summary>
    public bool TryVarInt(out uint value)
    {
        value = 0;
        for (var i = 0; i < 4 && i < _rest.Length; i++)
        {
            var digit = _rest[i];
            value |= (uint)(digit & 127) << (7 * i);
            if (digit >= 128) continue;
            if (digit == 0 && i > 0) return false;
            _rest = _rest[(i + 1)..];
            return true;
        }
        return false;
    }

    /// <summary>Two bytes of length and as many bytes.</summary>
    public bool TryBinary(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryUInt16(out var length) && TryBytes(length, out value);
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (count > _rest.Length) return false;
        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>A string: well-formed UTF-8 without U+0000 (MQTT-1.5.4-1 and -2).</summary>
    public bool TryText(out ReadOnlySpan<byte> value) => TryBinary(out value) && value.IndexOf((byte)0) < 0 && Utf8.IsValid(value);

    /// <summary>The properties of an MQTT 5 packet: their length, then the bytes, all checked.</summary>
    public DecodeStatus Properties(PropertyScope scope, out ReadOnlySpan<byte> properties)
    {
        properties = default;
        if (!TryVarInt(out var length) || length > int.MaxValue || !TryBytes((int)length, out properties)) return DecodeStatus.Malformed;
        return properties.IsEmpty ? DecodeStatus.Ok : PropertyReader.Validate(properties, scope);
    }
}
