// The two chains of one session, and how each end comes by them.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Agent.Wire;

/// <summary>Up and Down of one session. The gateway knows the nonce because it drew it: it constructs this and seals the Welcome with
/// Down. The board learns the nonce from the Welcome, whose mac depends on it: <see cref="FromWelcome"/> reads the nonce first,
/// derives, and then lets the down chain judge the very frame that named it.</summary>
public sealed class SessionChains
{
    /// <summary>Board to gateway.</summary>
    public readonly FrameChain Up;
    /// <summary>Gateway to board.</summary>
    public readonly FrameChain Down;

    /// <summary>Both chains at H_0. The scratch buffer (FrameChain.ScratchBytes) may be shared by all sessions on a thread.</summary>
    public SessionChains(IHmac hmac, byte[] kDev, string site, string deviceId, long n, byte[] nonceG, byte[] scratch)
    {
        Up = new FrameChain(hmac, KeyDerivation.SessionKey(hmac, kDev, KeyDerivation.Up, site, deviceId, n, nonceG), scratch);
        Down = new FrameChain(hmac, KeyDerivation.SessionKey(hmac, kDev, KeyDerivation.Down, site, deviceId, n, nonceG), scratch);
    }

    /// <summary>The board's side: null unless the frame is a Welcome that the holder of kDev made for this log-in. On success the
    /// Welcome is decoded into <paramref name="into"/> and counted as Down's first frame.</summary>
    public static SessionChains FromWelcome(IHmac hmac, byte[] kDev, string site, string deviceId, long n,
        byte[] frame, int offset, int count, Welcome into, byte[] scratch)
    {
        if (count < FrameLimits.HeaderBytes || count > FrameLimits.FrameBytesMax || frame[offset + 1] != FrameKind.Welcome)
            return null;
        if (!into.Decode(frame, offset + FrameLimits.HeaderBytes, count - FrameLimits.HeaderBytes) || into.LoginNumber != n)
            return null;
        SessionChains chains = new SessionChains(hmac, kDev, site, deviceId, n, into.NonceG, scratch);
        return chains.Down.Open(frame, offset, count) == FrameStatus.Ok ? chains : null;
    }
}
