// What became of an order.
namespace DePinEdge.Agent.Wire;

/// <summary>Up, once for each Command received.</summary>
public sealed class CommandReply
{
    /// <summary>The Command's.</summary>
    public long Id;
    /// <summary>A CommandStatus.</summary>
    public int Status;
    /// <summary>Reserved for orders that return something; after Decode a view into the buffer that was handed in.</summary>
    public byte[] Payload;
    /// <summary>Where they start in <see cref="Payload"/>.</summary>
    public int PayloadOffset;
    /// <summary>How many they are.</summary>
    public int PayloadCount;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Unsigned(buffer, offset, 1, Id);
        at = ProtoWriter.Unsigned(buffer, at, 2, Status);
        if (PayloadCount < 0 || PayloadCount > FrameLimits.CommandBytesMax)
            return -1;
        at = ProtoWriter.Bytes(buffer, at, 3, Payload, PayloadOffset, PayloadCount);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        Id = 0;
        Status = 0;
        Payload = buffer;
        PayloadOffset = 0;
        PayloadCount = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: Id = reader.Long(); break;
                case 2 << 3: Status = reader.Int(); break;
                case (3 << 3) | 2:
                    PayloadOffset = reader.Offset;
                    PayloadCount = reader.Count;
                    if (PayloadCount > FrameLimits.CommandBytesMax)
                        reader.Refuse();
                    break;
            }
        }
        return !reader.Failed;
    }
}
