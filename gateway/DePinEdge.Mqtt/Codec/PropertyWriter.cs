using System.Text;

namespace DePinEdge.Mqtt.Codec;

/// <summary>Builds the properties of a packet in a span of the caller's. Running over the span throws: the caller sizes it. Text longer
/// than 65,535 bytes throws too.</summary>
public ref struct PropertyWriter(Span<byte> destination)
{
    private readonly Span<byte> _all = destination;
    private WireWriter _writer = new(destination);

    /// <summary>The properties so far, without their length.</summary>
    public readonly ReadOnlySpan<byte> Written => _all[.._writer.Written];

    /// <summary>Adds a numeric property in the width it has.</summary>
    public void Add(PropertyId id, uint number)
    {
        _writer.Byte((byte)id);
        switch (PropertyTable.Row((uint)id).Kind)
        {
            case PropertyKind.Flag:
                _writer.Byte((byte)number);
                break;
            case PropertyKind.UInt16 or PropertyKind.UInt16NotZero:
                _writer.UInt16((ushort)number);
                break;
            case PropertyKind.UInt32 or PropertyKind.UInt32NotZero:
                _writer.UInt32(number);
                break;
            case PropertyKind.VarIntNotZero:
                _writer.VarInt((int)number);
                break;
            default:
                Invariant.Require(false, $"{id} is not a number");
                break;
        }
    }

    /// <summary>Adds a text (UTF-8) or binary property.</summary>
    public void Add(PropertyId id, ReadOnlySpan<byte> bytes)
    {
        Invariant.Require(bytes.Length <= 65_535, "a property holds at most 65,535 bytes");
        _writer.Byte((byte)id);
        _writer.Binary(bytes);
    }

    /// <summary>Adds a text property.</summary>
    public void Add(PropertyId id, string text) => Add(id, Encoding.UTF8.GetBytes(text).AsSpan());

    /// <summary>Adds a user property.</summary>
    public void AddUser(string name, string value)
    {
        Add(PropertyId.UserProperty, name);
        _writer.Binary(Encoding.UTF8.GetBytes(value));
    }
}
