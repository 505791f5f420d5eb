using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulation.Boards;

/// <summary>
/// The up chain of one session, sealed anew: whoever owns a board owns its key, and can put other bodies into its frames so that every MAC
/// fits. One frame of the agent gives one frame of ours, with the same number.
/// </summary>
public sealed class Forge
{
    private readonly FrameChain agents;
    private readonly FrameChain ours;
    private readonly Dictionary<uint, byte[]> sealedFrames = [];

    private Forge(FrameChain agents, FrameChain ours) => (this.agents, this.ours) = (agents, ours);

    /// <summary>Opens with the session's Welcome; null when it is none, or no key in the store fits it.</summary>
    public static Forge? Open(IKeyStore store, byte[] welcome)
    {
        var record = new KeyRecord();
        if (welcome.Length < FrameLimits.HeaderBytes || !record.Load(store))
            return null;
        foreach (var key in record.HasNextKey ? [record.NextKey, record.Key] : new[] { record.Key })
            if (Chain(record, key, welcome) is { } agents)
                return new Forge(agents, Chain(record, key, welcome)!);
        return null;
    }

    /// <summary>Takes a frame of the agent, lets <paramref name="rewrite"/> change the body of a new one, and puts ours in its place.</summary>
    public int Pass(byte[] frame, int count, Func<byte, byte[], int, int> rewrite)
    {
        if (agents.Open(frame, 0, count) != FrameStatus.Ok)
        {
            if (!sealedFrames.TryGetValue(FrameChain.SeqOf(frame, 0), out var again))
                return count;
            again.CopyTo(frame, 0);
            return again.Length;
        }
        var seq = ours.NextSeq;
        var body = rewrite(agents.Kind, frame, agents.BodyCount);
        count = ours.Seal(agents.Kind, frame, FrameLimits.HeaderBytes, body, frame, 0);
        SimulationException.Require(count > 0, "a forged body does not fit its frame");
        sealedFrames[seq] = frame[..count];
        sealedFrames.Remove(seq - 32);
        return count;
    }

    private static FrameChain? Chain(KeyRecord record, byte[] key, byte[] welcome)
    {
        var into = new Welcome();
        if (welcome[1] != FrameKind.Welcome || !into.Decode(welcome, FrameLimits.HeaderBytes, welcome.Length - FrameLimits.HeaderBytes))
            return null;
        return SessionChains.FromWelcome(new HmacSha256(), key, record.Site, record.DeviceId, into.LoginNumber, welcome, 0, welcome.Length, new Welcome(),
            new byte[FrameChain.ScratchBytes])?.Up;
    }
}
