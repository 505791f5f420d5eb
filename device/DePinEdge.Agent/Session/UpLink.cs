// The up direction of one session: frames sealed, kept, and sent again when they are missed.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Seals frames with the session's up chain and keeps them in a ring while the session lasts. One frame is on its way at a time.
/// A frame is never sealed twice: what did not arrive is sent again byte for byte, because the chain allows nothing else.</summary>
public sealed class UpLink
{
    /// <summary>Resends that could not be served because the frame was no longer kept.</summary>
    public int ResendsMissed;
    /// <summary>A missed frame is gone: only a new session helps.</summary>
    public bool Broken;

    private const int FramesMax = 32;

    private readonly RecordRing sent;
    private FrameChain chain;
    private uint onItsWay;
    private long againFrom;
    private long againTo;

    public UpLink(int ringBytes)
    {
        sent = new RecordRing(ringBytes, FramesMax);
    }

    /// <summary>True while frames are to be sent again.</summary>
    public bool HasAgain => againFrom != 0;

    /// <summary>Begins a session, or ends one (null).</summary>
    public void Use(FrameChain up)
    {
        chain = up;
        sent.Clear();
        againFrom = 0;
        againTo = 0;
        Broken = false;
    }

    /// <summary>Seals the body that stands behind the header in the buffer, keeps the frame and returns its length. The tag says what the
    /// frame is about (batch id, command id) when it is acknowledged. Throws InvalidOperationException when the body could not be written:
    /// our own frames fit by construction, and the buffer is the caller's promise.</summary>
    public int Seal(byte kind, long tag, byte[] buffer, int bodyCount)
    {
        onItsWay = chain.NextSeq;
        int count = bodyCount < 0 ? -1 : chain.Seal(kind, buffer, FrameLimits.HeaderBytes, bodyCount, buffer, 0);
        if (count < 0)
            throw new System.InvalidOperationException("a frame of our own does not fit, or the buffer is shorter than a frame");
        sent.Add(onItsWay, tag, kind, RecordRing.Settled, buffer, 0, count);
        return count;
    }

    /// <summary>The gateway lacks these frames (both ends included).</summary>
    public void SendAgain(long from, long to)
    {
        long newest = (long)chain.NextSeq - 1;
        if (to > newest)
            to = newest;
        if (from > to)
            return;
        if (againFrom == 0 || from < againFrom)
            againFrom = from;
        if (to > againTo)
            againTo = to;
    }

    /// <summary>The frame on its way was not acknowledged.</summary>
    public void SendLastAgain() => SendAgain(onItsWay, onItsWay);

    /// <summary>Writes the next frame to send again; 0 when there is none, or it is gone (Broken).</summary>
    public int NextAgain(byte[] buffer)
    {
        if (againFrom == 0)
            return 0;
        int slot = sent.Find(againFrom);
        if (slot < 0)
        {
            ResendsMissed++;
            Broken = true;
            againFrom = 0;
            againTo = 0;
            return 0;
        }
        onItsWay = (uint)againFrom;
        againFrom++;
        if (againFrom > againTo)
        {
            againFrom = 0;
            againTo = 0;
        }
        return sent.CopyTo(slot, buffer, 0);
    }

    /// <summary>The kind of the frame that was acknowledged now, 0 when it is no longer kept.</summary>
    public byte AcknowledgedKind
    {
        get
        {
            int slot = sent.Find(onItsWay);
            return slot < 0 ? (byte)0 : (byte)sent.ExtraAt(slot);
        }
    }

    /// <summary>Its tag.</summary>
    public long AcknowledgedTag
    {
        get
        {
            int slot = sent.Find(onItsWay);
            return slot < 0 ? 0 : sent.TagAt(slot);
        }
    }
}
