// Asks for frames that did not arrive.
namespace DePinEdge.Agent.Wire;

/// <summary>Down: the up frames FromSeq to ToSeq, both included, are to be sent again as they were. ToSeq 0 means up to the newest.</summary>
public sealed class Resend
{
    public long FromSeq;
    public long ToSeq;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Unsigned(buffer, offset, 1, FromSeq);
        at = ProtoWriter.Unsigned(buffer, at, 2, ToSeq);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        FromSeq = 0;
        ToSeq = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: FromSeq = reader.Long(); break;
                case 2 << 3: ToSeq = reader.Long(); break;
            }
        }
        return !reader.Failed;
    }
}
