// Join: no, and why.
namespace DePinEdge.Agent.Wire;

/// <summary>Down on the join topic: a reason code for programs and a hint for people.</summary>
public sealed class JoinRefused
{
    /// <summary>For example code_unknown, code_expired, code_used, mac_wrong, at most FrameLimits.IdBytesMax characters.</summary>
    public string ReasonCode = "";
    /// <summary>What to do next, ASCII, at most FrameLimits.HintBytesMax characters.</summary>
    public string Hint = "";

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Text(buffer, offset, 1, ReasonCode, FrameLimits.IdBytesMax);
        at = ProtoWriter.Text(buffer, at, 2, Hint, FrameLimits.HintBytesMax);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false on anything malformed.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        ReasonCode = "";
        Hint = "";
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: ReasonCode = reader.Text(FrameLimits.IdBytesMax); break;
                case (2 << 3) | 2: Hint = reader.Text(FrameLimits.HintBytesMax); break;
            }
        }
        return !reader.Failed;
    }
}
