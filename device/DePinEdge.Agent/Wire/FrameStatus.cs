// Why a frame was taken or ignored.
namespace DePinEdge.Agent.Wire;

/// <summary>What became of a received frame. All but <see cref="Ok"/> leave the chain as it was; the numbers travel in reports.</summary>
public static class FrameStatus
{
    /// <summary>Taken; the chain went on.</summary>
    public const int Ok = 0;
    /// <summary>Shorter than its header.</summary>
    public const int TooShort = 1;
    /// <summary>Longer than a frame may be.</summary>
    public const int TooLong = 2;
    /// <summary>Another version of the frame format.</summary>
    public const int BadVersion = 3;
    /// <summary>The mac does not follow from the key and what came before: forged, or of another session.</summary>
    public const int BadMac = 4;
    /// <summary>Its number lies ahead: frames between are missing.</summary>
    public const int Gap = 5;
    /// <summary>Taken before, the same frame again.</summary>
    public const int Duplicate = 6;
    /// <summary>Another frame, validly made with the key, under a number that was taken: two senders hold one key. Evidence.</summary>
    public const int Fork = 7;
    /// <summary>A number taken so long ago that its mac is no longer kept.</summary>
    public const int Stale = 8;
    /// <summary>The mac is right, the body is not what its kind prescribes.</summary>
    public const int BadBody = 9;
    /// <summary>The mac is right, but no such frame is expected now.</summary>
    public const int Unexpected = 10;

    /// <summary>The status as a person reads it.</summary>
    public static string Name(int status)
    {
        switch (status)
        {
            case Ok: return "ok";
            case TooShort: return "too_short";
            case TooLong: return "too_long";
            case BadVersion: return "bad_version";
            case BadMac: return "bad_mac";
            case Gap: return "gap";
            case Duplicate: return "duplicate";
            case Fork: return "fork";
            case Stale: return "stale";
            case BadBody: return "bad_body";
            case Unexpected: return "unexpected";
            default: return "unknown";
        }
    }
}
