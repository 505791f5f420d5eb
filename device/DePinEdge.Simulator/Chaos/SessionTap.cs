// Follows a board's session with the board's own key.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// Reads both directions of one session, and seals what goes up anew: every frame of the agent becomes one frame of ours with the same
/// number, so that the gateway sees one unbroken chain of good MACs. A board owns its key; nothing else is needed to lie well.
/// </summary>
public sealed class SessionTap
{
    private const int Kept = 32;

    private readonly FrameChain down, agentUp, ownUp;
    private readonly Dictionary<uint, byte[]> sealedFrames = [];

    private SessionTap(SessionChains agents, SessionChains own)
    {
        down = agents.Down;
        agentUp = agents.Up;
        ownUp = own.Up;
    }

    /// <summary>Kind of the frame that was read last, in either direction.</summary>
    public byte Kind { get; private set; }

    /// <summary>Bytes of its body.</summary>
    public int BodyCount { get; private set; }

    /// <summary>Opens the session with its Welcome; null when the frame is none, or no key in the store fits it.</summary>
    public static SessionTap? Open(IKeyStore store, byte[] frame)
    {
        var record = new KeyRecord();
        var welcome = new Welcome();
        if (frame.Length < FrameLimits.HeaderBytes || frame[1] != FrameKind.Welcome || !record.Load(store)
            || !welcome.Decode(frame, FrameLimits.HeaderBytes, frame.Length - FrameLimits.HeaderBytes))
            return null;
        byte[][] keys = record.HasNextKey ? [record.NextKey, record.Key] : [record.Key];
        foreach (var key in keys)
            if (Chains(record, key, welcome.LoginNumber, frame) is { } agents)
                return new SessionTap(agents, Chains(record, key, welcome.LoginNumber, frame)!);
        return null;
    }

    /// <summary>Reads a frame from the gateway. False when it does not fit: the agent will ignore it too.</summary>
    public bool Received(byte[] frame)
    {
        if (down.Open(frame, 0, frame.Length) != FrameStatus.Ok)
            return false;
        (Kind, BodyCount) = (down.Kind, down.BodyCount);
        return true;
    }

    /// <summary>Reads a frame of the agent. True: it is new, its body may be changed, and <see cref="Seal"/> has to follow. False: it was
    /// sent before; <see cref="Again"/> has to follow.</summary>
    public bool FromAgent(byte[] frame, int count)
    {
        if (agentUp.Open(frame, 0, count) != FrameStatus.Ok)
            return false;
        (Kind, BodyCount) = (agentUp.Kind, agentUp.BodyCount);
        return true;
    }

    /// <summary>Seals the body that stands behind the header; returns the frame's length.</summary>
    public int Seal(byte kind, byte[] frame, int bodyCount)
    {
        var seq = ownUp.NextSeq;
        var count = ownUp.Seal(kind, frame, FrameLimits.HeaderBytes, bodyCount, frame, 0);
        if (count < 0)
            throw new InvalidOperationException($"a body of {bodyCount} bytes does not fit a frame");
        sealedFrames[seq] = frame[..count];
        sealedFrames.Remove(seq - Kept);
        return count;
    }

    /// <summary>Puts our frame in the place of one that the agent sends again; returns its length. A frame that is no longer kept goes
    /// out as the agent's own, which the gateway will refuse.</summary>
    public int Again(byte[] frame, int count)
    {
        if (!sealedFrames.TryGetValue(FrameChain.SeqOf(frame, 0), out var ours))
            return count;
        ours.CopyTo(frame, 0);
        return ours.Length;
    }

    private static SessionChains? Chains(KeyRecord record, byte[] key, long number, byte[] welcome) => SessionChains.FromWelcome(
        new HmacSha256(), key, record.Site, record.DeviceId, number, welcome, 0, welcome.Length, new Welcome(), new byte[FrameChain.ScratchBytes]);
}
