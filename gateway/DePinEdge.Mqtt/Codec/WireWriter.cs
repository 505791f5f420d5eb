using System.Buffers.Binary;

namespace DePinEdge.Mqtt.Codec;

/// <summary>Writes MQTT's data types into a span that the caller made large enough; running over it is the caller's fault and
/// throws.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _all = destination;

    public int Written { get; private set; }

    /// <summary>Bytes of a variable byte integer.</summary>
    public static int VarIntBytes(int value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;

    /// <summary>Bytes of a packet whose body has this length.</summary>
    public static int PacketBytes(int bodyBytes) => 1 + VarIntBytes(bodyBytes) + bodyBytes;

    public void Header(PacketType type, int flags, int bodyBytes)
    {
        Byte((byte)((int)type << 4 | flags));
        VarInt(bodyBytes);
    }

    public void Byte(byte value) => _all[Written++] = value;

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_all[Written..], (ushort)value);
        Written += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_all[Written..], value);
        Written += 4;
    }

    public void VarInt(int value)
    {
        for (; value >= 128; value >>= 7) Byte((byte)(value & 127 | 128));
        Byte((byte)value);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_all[Written..]);
        Written += bytes.Length;
    }

    /// <summary>Text or binary with its two bytes of length.</summary>
    public void Binary(ReadOnlySpan<byte> bytes)
    {
        UInt16(bytes.Length);
        Raw(bytes);
    }

    /// <summary>Properties with their length.</summary>
    public void Properties(ReadOnlySpan<byte> properties)
    {
        VarInt(properties.Length);
        Raw(properties);
    }

    /// <summary>Bytes of properties with their length; none below MQTT 5.</summary>
    public static int PropertiesBytes(int protocolVersion, int bytes) =>
        protocolVersion == ProtocolVersion.V5 ? VarIntBytes(bytes) + bytes : 0;
}
