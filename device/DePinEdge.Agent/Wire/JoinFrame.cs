// The two-byte header of payloads on the join topics.
namespace DePinEdge.Agent.Wire;

/// <summary>A join payload is version u8 | kind u8 | body. There is no key yet, hence no chain: the bodies carry their own macs.</summary>
public static class JoinFrame
{
    /// <summary>Puts the header before a body that stands at offset + FrameLimits.JoinHeaderBytes; returns the payload's length, -1 for a body that could not be written.</summary>
    public static int Close(byte[] frame, int offset, byte kind, int bodyCount)
    {
        if (bodyCount < 0 || bodyCount + FrameLimits.JoinHeaderBytes > FrameLimits.JoinFrameBytesMax)
            return -1;
        frame[offset] = FrameLimits.Version;
        frame[offset + 1] = kind;
        return bodyCount + FrameLimits.JoinHeaderBytes;
    }

    /// <summary>The kind of a payload whose body starts at offset + FrameLimits.JoinHeaderBytes; 0 when it is too short, too long or of another version.</summary>
    public static byte KindOf(byte[] frame, int offset, int count)
    {
        if (count < FrameLimits.JoinHeaderBytes || count > FrameLimits.JoinFrameBytesMax || frame[offset] != FrameLimits.Version)
            return 0;
        return frame[offset + 1];
    }
}
