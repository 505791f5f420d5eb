// One direction of one session: every frame's mac depends on all frames before it.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Agent.Wire;

/// <summary>The MAC chain of one direction, for whichever end: the sender seals, the receiver opens.
/// <code>
/// frame = version u8 | kind u8 | seq u32 LE | mac 16 | body
/// H_seq = HMAC-SHA256(K, H_{seq-1} | version | kind | seq | body), H_0 = 32 zero bytes, first seq 1; mac = first 16 bytes of H_seq
/// </code>
/// Nothing but the next frame of the chain is ever taken, so a lost, repeated, reordered, forged or recorded frame shows. The last
/// <see cref="Remembered"/> states are kept to tell a repeat from a fork; a fork is verified with the key, so a stranger cannot make one up.</summary>
public sealed class FrameChain
{
    /// <summary>How many of the newest taken frames can still be told apart from others under their number.</summary>
    public const int Remembered = 8;
    /// <summary>Bytes of the scratch buffer that chains on one thread may share.</summary>
    public const int ScratchBytes = FrameLimits.HashBytes + 6 + FrameLimits.BodyBytesMax;

    /// <summary>Kind of the frame that Open took last.</summary>
    public byte Kind;
    /// <summary>Where its body starts in the buffer handed to Open.</summary>
    public int BodyOffset;
    /// <summary>Bytes of its body.</summary>
    public int BodyCount;

    private readonly IHmac hmac;
    private readonly byte[] key;
    private readonly byte[] scratch;
    private readonly byte[] mac = new byte[FrameLimits.HashBytes];
    // H of the newest frames: H_s stands at slot s modulo (Remembered + 1), one slot more than frames because H_{s-1} verifies frame s.
    private readonly byte[] states = new byte[(Remembered + 1) * FrameLimits.HashBytes];
    private uint nextSeq = 1;

    /// <summary>A chain at H_0 with a scratch buffer of its own.</summary>
    public FrameChain(IHmac hmac, byte[] key) : this(hmac, key, new byte[ScratchBytes])
    {
    }

    /// <summary>A chain at H_0 whose scratch buffer (at least ScratchBytes) is shared with other chains on the same thread.</summary>
    public FrameChain(IHmac hmac, byte[] key, byte[] scratch)
    {
        this.hmac = hmac;
        this.key = key;
        this.scratch = scratch;
    }

    /// <summary>The number of the next frame, from 1.</summary>
    public uint NextSeq => nextSeq;

    /// <summary>Writes version | kind | seq | mac | body at frameOffset and goes on. The body may already stand in its place in the
    /// frame. Returns the frame's length; -1, with nothing written and the chain where it was, when it does not fit or the numbers are used up.</summary>
    public int Seal(byte kind, byte[] body, int offset, int count, byte[] frame, int frameOffset)
    {
        if (count < 0 || count > FrameLimits.BodyBytesMax || count + FrameLimits.HeaderBytes > frame.Length - frameOffset || nextSeq == uint.MaxValue)
            return -1;
        int at = frameOffset + FrameLimits.HeaderBytes;
        if (body != frame || offset != at)
            System.Array.Copy(body, offset, frame, at, count);
        frame[frameOffset] = FrameLimits.Version;
        frame[frameOffset + 1] = kind;
        WriteSeq(frame, frameOffset + 2, nextSeq);
        Advance(frame, frameOffset, count);
        System.Array.Copy(mac, 0, frame, frameOffset + 6, FrameLimits.MacBytes);
        nextSeq++;
        return count + FrameLimits.HeaderBytes;
    }

    /// <summary>Checks a received frame. Ok: the chain went on, Kind, BodyOffset and BodyCount are set. Anything else: nothing changed.</summary>
    public int Open(byte[] frame, int offset, int count)
    {
        if (count < FrameLimits.HeaderBytes)
            return FrameStatus.TooShort;
        if (count > FrameLimits.FrameBytesMax)
            return FrameStatus.TooLong;
        if (frame[offset] != FrameLimits.Version)
            return FrameStatus.BadVersion;
        uint seq = SeqOf(frame, offset);
        int bodyCount = count - FrameLimits.HeaderBytes;
        if (seq > nextSeq)
            return FrameStatus.Gap;
        if (seq < nextSeq)
            return OpenOld(seq, frame, offset, bodyCount);
        Compute(seq, frame, offset, bodyCount);
        if (!KeyDerivation.Same(mac, 0, frame, offset + 6, FrameLimits.MacBytes))
            return FrameStatus.BadMac;
        System.Array.Copy(mac, 0, states, SlotOf(seq), FrameLimits.HashBytes);
        nextSeq++;
        Kind = frame[offset + 1];
        BodyOffset = offset + FrameLimits.HeaderBytes;
        BodyCount = bodyCount;
        return FrameStatus.Ok;
    }

    /// <summary>The number in a frame of at least HeaderBytes.</summary>
    public static uint SeqOf(byte[] frame, int offset) =>
        frame[offset + 2] | (uint)frame[offset + 3] << 8 | (uint)frame[offset + 4] << 16 | (uint)frame[offset + 5] << 24;

    private int OpenOld(uint seq, byte[] frame, int offset, int bodyCount)
    {
        if (seq == 0)
            return FrameStatus.BadMac;
        if (nextSeq - seq > Remembered)
            return FrameStatus.Stale;
        if (KeyDerivation.Same(states, SlotOf(seq), frame, offset + 6, FrameLimits.MacBytes))
            return FrameStatus.Duplicate;
        Compute(seq, frame, offset, bodyCount);
        return KeyDerivation.Same(mac, 0, frame, offset + 6, FrameLimits.MacBytes) ? FrameStatus.Fork : FrameStatus.BadMac;
    }

    private void Advance(byte[] frame, int offset, int bodyCount)
    {
        Compute(nextSeq, frame, offset, bodyCount);
        System.Array.Copy(mac, 0, states, SlotOf(nextSeq), FrameLimits.HashBytes);
    }

    // mac = H_seq of this frame. SlotOf(0) holds 32 zero bytes, H_0, until frame 9 takes the slot.
    private void Compute(uint seq, byte[] frame, int offset, int bodyCount)
    {
        System.Array.Copy(states, SlotOf(seq - 1), scratch, 0, FrameLimits.HashBytes);
        System.Array.Copy(frame, offset, scratch, FrameLimits.HashBytes, 6);
        System.Array.Copy(frame, offset + FrameLimits.HeaderBytes, scratch, FrameLimits.HashBytes + 6, bodyCount);
        hmac.Compute(key, scratch, 0, FrameLimits.HashBytes + 6 + bodyCount, mac);
    }

    private static int SlotOf(uint seq) => (int)(seq % (Remembered + 1)) * FrameLimits.HashBytes;

    private static void WriteSeq(byte[] frame, int at, uint seq)
    {
        for (int i = 0; i < 4; i++)
            frame[at + i] = (byte)(seq >> (8 * i));
    }
}
