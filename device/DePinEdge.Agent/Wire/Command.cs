// An order to a board.
namespace DePinEdge.Agent.Wire;

/// <summary>Down: identify, reboot or newkey. The board remembers its answer until the expiry and answers a repeat without acting again.</summary>
public sealed class Command
{
    /// <summary>Names the order; the same number is the same order.</summary>
    public long Id;
    /// <summary>A CommandName.</summary>
    public string Name = "";
    /// <summary>newkey: the 16-byte nonce. After Decode a view into the buffer that was handed in.</summary>
    public byte[] Payload;
    /// <summary>Where they start in <see cref="Payload"/>.</summary>
    public int PayloadOffset;
    /// <summary>How many they are.</summary>
    public int PayloadCount;
    /// <summary>How long the order counts, ms since it was sent.</summary>
    public int ExpiresMs;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Unsigned(buffer, offset, 1, Id);
        at = ProtoWriter.Text(buffer, at, 2, Name, FrameLimits.NameBytesMax);
        if (PayloadCount < 0 || PayloadCount > FrameLimits.CommandBytesMax)
            return -1;
        at = ProtoWriter.Bytes(buffer, at, 3, Payload, PayloadOffset, PayloadCount);
        at = ProtoWriter.Unsigned(buffer, at, 4, ExpiresMs);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        Id = 0;
        Name = "";
        Payload = buffer;
        PayloadOffset = 0;
        PayloadCount = 0;
        ExpiresMs = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: Id = reader.Long(); break;
                case (2 << 3) | 2: Name = reader.Text(FrameLimits.NameBytesMax); break;
                case (3 << 3) | 2:
                    PayloadOffset = reader.Offset;
                    PayloadCount = reader.Count;
                    if (PayloadCount > FrameLimits.CommandBytesMax)
                        reader.Refuse();
                    break;
                case 4 << 3: ExpiresMs = reader.Int(); break;
            }
        }
        return !reader.Failed;
    }
}
