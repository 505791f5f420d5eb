// A board leaves on purpose.
namespace DePinEdge.Agent.Wire;

/// <summary>Up, the last frame before the board closes the connection.</summary>
public sealed class Goodbye
{
    /// <summary>A GoodbyeReason.</summary>
    public int Reason;
    /// <summary>When it means to be back, ms from now; 0: not known.</summary>
    public long NextWakeMs;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Unsigned(buffer, offset, 1, Reason);
        at = ProtoWriter.Unsigned(buffer, at, 2, NextWakeMs);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        Reason = 0;
        NextWakeMs = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: Reason = reader.Int(); break;
                case 2 << 3: NextWakeMs = reader.Long(); break;
            }
        }
        return !reader.Failed;
    }
}
