// Join, step 3: the board's proof that it knows the secret.
namespace DePinEdge.Agent.Wire;

/// <summary>Up on the join topic: KeyDerivation.AcceptMac over Hello's and Offer's bodies.</summary>
public sealed class Accept
{
    /// <summary>32 bytes.</summary>
    public byte[] Mac = new byte[FrameLimits.HashBytes];

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Exact(buffer, offset, 1, Mac, FrameLimits.HashBytes);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false on anything malformed.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        bool mac = false;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            if (reader.Tag == ((1 << 3) | 2))
            {
                reader.Exact(Mac);
                mac = true;
            }
        }
        return !reader.Failed && mac;
    }
}
