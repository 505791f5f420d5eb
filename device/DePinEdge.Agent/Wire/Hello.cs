// Join, step 1: a board names its code.
namespace DePinEdge.Agent.Wire;

/// <summary>Up on the join topic: which code, which board, the board's nonce. A repeat with the same nonce gets the same answer.</summary>
public sealed class Hello
{
    /// <summary>The public part of the join code, 6 characters, lower case as in topics.</summary>
    public string CodeId = "";
    /// <summary>The board's model, at most FrameLimits.NameBytesMax characters.</summary>
    public string Board = "";
    /// <summary>16 random bytes.</summary>
    public byte[] NonceB = new byte[FrameLimits.NonceBytes];

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Text(buffer, offset, 1, CodeId, JoinCode.IdChars);
        at = ProtoWriter.Text(buffer, at, 2, Board, FrameLimits.NameBytesMax);
        at = ProtoWriter.Exact(buffer, at, 3, NonceB, FrameLimits.NonceBytes);
        return at < 0 || CodeId.Length != JoinCode.IdChars ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        CodeId = "";
        Board = "";
        bool nonce = false;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: CodeId = reader.Text(JoinCode.IdChars); break;
                case (2 << 3) | 2: Board = reader.Text(FrameLimits.NameBytesMax); break;
                case (3 << 3) | 2: reader.Exact(NonceB); nonce = true; break;
            }
        }
        return !reader.Failed && nonce && CodeId.Length == JoinCode.IdChars;
    }
}
