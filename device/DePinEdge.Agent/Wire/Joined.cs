// Join, step 4: the code is used, the key counts from now on.
namespace DePinEdge.Agent.Wire;

/// <summary>Down on the join topic, sent once the code's use is durable.</summary>
public sealed class Joined
{
    public string DeviceId = "";

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Text(buffer, offset, 1, DeviceId, FrameLimits.IdBytesMax);
        return at < 0 || !Topics.IsId(DeviceId) ? -1 : at - offset;
    }

    /// <summary>Reads a body; false on anything malformed.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        DeviceId = "";
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            if (reader.Tag == ((1 << 3) | 2))
                DeviceId = reader.Text(FrameLimits.IdBytesMax);
        }
        return !reader.Failed && Topics.IsId(DeviceId);
    }
}
