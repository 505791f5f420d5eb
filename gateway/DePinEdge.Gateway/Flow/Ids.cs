using System.Globalization;

namespace DePinEdge.Gateway.Flow;

/// <summary>A board's name on this site, matching <c>[a-z0-9-]{1,32}</c>: also its MQTT client id and user name.</summary>
public readonly record struct DeviceId(string Value) : IComparable<DeviceId>
{
    public int CompareTo(DeviceId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A job's number, counted from 1 over the life of the ledger. Written <c>j17</c> on topics, in the API and for people.</summary>
public readonly record struct JobId(long Number) : IComparable<JobId>
{
    public int CompareTo(JobId other) => Number.CompareTo(other.Number);

    /// <summary>Reads <c>j17</c> (or plain <c>17</c>); false when the text is neither.</summary>
    public static bool TryParse(string? text, out JobId id)
    {
        var digits = text is { Length: > 1 } && text[0] == 'j' ? text[1..] : text;
        var good = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        id = new JobId(good ? number : 0);
        return good;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"j{Number}");
}

/// <summary>A batch's number, counted from 1 over the life of the ledger, so that an id at most the last one issued was issued once.</summary>
public readonly record struct BatchId(long Number) : IComparable<BatchId>
{
    public int CompareTo(BatchId other) => Number.CompareTo(other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"b{Number}");
}

/// <summary>A program's name: the SHA-256 of its .wasm bytes as 64 lower-case hexadecimal digits.</summary>
public readonly record struct ProgramHash(string Hex) : IComparable<ProgramHash>
{
    public int CompareTo(ProgramHash other) => string.CompareOrdinal(Hex, other.Hex);

    /// <summary>The 32 bytes themselves, as they stand in frames.</summary>
    public byte[] ToBytes() => Convert.FromHexString(Hex);

    /// <summary>Names a program by its 32 hash bytes.</summary>
    public static ProgramHash Of(ReadOnlySpan<byte> hash32) => new(Convert.ToHexStringLower(hash32));

    public override string ToString() => Hex;
}

/// <summary>A compute unit's name on this site.</summary>
public readonly record struct UnitId(string Value) : IComparable<UnitId>
{
    public int CompareTo(UnitId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
