namespace DePinEdge.Mqtt.Codec;

/// <summary>One complete control packet cut out of a stream: its first byte, and the body after the remaining length.</summary>
public readonly ref struct Frame
{
    /// <summary>Bytes of the longest header.</summary>
    public const int HeaderBytesMax = 5;

    /// <summary>The packet type.</summary>
    public PacketType Type { get; init; }

    /// <summary>The lower four bits of the first byte.</summary>
    public int Flags { get; init; }

    /// <summary>The bytes after the remaining length.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Bytes of the whole packet.</summary>
    public int Bytes { get; init; }

    /// <summary>
    /// Cuts the first packet off a stream. <see cref="DecodeStatus.Incomplete"/> asks for more bytes;
    /// <see cref="DecodeStatus.PacketTooLarge"/> comes as soon as the header is
    /// there, so that nobody waits for, or keeps, a body that will be refused. Type 0 and flags that the type does not have are malformed.
    /// </summary>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> stream, int packetBytesMax, out Frame frame)
    {
        frame = default;
        var status = TryReadHeader(stream, packetBytesMax, out var headerBytes, out var packetBytes);
        if (status != DecodeStatus.Ok) return status;
        if (stream.Length < packetBytes) return DecodeStatus.Incomplete;
        frame = new Frame
        {
            Type = (PacketType)(stream[0] >> 4),
            Flags = stream[0] & 15,
            Body = stream[headerBytes..packetBytes],
            Bytes = packetBytes,
        };
        return DecodeStatus.Ok;
    }

    /// <summary>Reads only the header: how long it is and how long the whole packet will be.</summary>
    public static DecodeStatus TryReadHeader(ReadOnlySpan<byte> stream, int packetBytesMax, out int headerBytes, out int packetBytes)
    {
        headerBytes = packetBytes = 0;
        if (stream.IsEmpty) return DecodeStatus.Incomplete;
        if (!FlagsFit((PacketType)(stream[0] >> 4), stream[0] & 15)) return DecodeStatus.Malformed;
        var body = 0;
        for (var i = 1; i < HeaderBytesMax; i++)
        {
            if (i == stream.Length) return DecodeStatus.Incomplete;
            body |= (stream[i] & 127) << (7 * (i - 1));
            if (stream[i] >= 128) continue;
            headerBytes = i + 1;
            packetBytes = headerBytes + body;
            return packetBytes > packetBytesMax ? DecodeStatus.PacketTooLarge : DecodeStatus.Ok;
        }
        return DecodeStatus.Malformed;
    }

    private static bool FlagsFit(PacketType type, int flags) => type switch
    {
        PacketType.Reserved => false,
        PacketType.Publish => true,
        PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => flags == 2,
        _ => flags == 0,
    };
}
