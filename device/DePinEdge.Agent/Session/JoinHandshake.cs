// The board's side of a join: Hello, Offer, Accept, Joined.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>One join with one code. The nonce is drawn once, so that a Hello repeated after a lost connection is the same Hello and
/// gets the same Offer. The key is saved before Accept leaves: once the gateway counts the code as used, the board can log in
/// even if power goes before Joined arrives.</summary>
public sealed class JoinHandshake
{
    /// <summary>True between a Joined and the next code.</summary>
    public bool Done;
    /// <summary>Why the gateway refused; empty while it has not.</summary>
    public string RefusedReason = "";
    /// <summary>The gateway's hint to a person.</summary>
    public string RefusedHint = "";
    /// <summary>The last Offer was made with another secret: most likely a person mistyped the code.</summary>
    public bool WrongCode;
    /// <summary>The refusal is about the moment, not about the code: the same Hello may succeed later.</summary>
    public bool MayTryAgain;

    private readonly IHmac hmac;
    private readonly JoinCode code;
    private readonly byte[] hello = new byte[FrameLimits.JoinFrameBytesMax];
    private readonly int helloCount;
    private readonly byte[] nonceB;
    private readonly byte[] accept = new byte[FrameLimits.JoinFrameBytesMax];
    private int acceptCount;
    private bool helloDue;
    private bool acceptDue;

    public JoinHandshake(IHmac hmac, IEntropy entropy, JoinCode code, string board)
    {
        this.hmac = hmac;
        this.code = code;
        Hello message = new Hello();
        message.CodeId = code.Id;
        message.Board = board;
        entropy.Fill(message.NonceB, 0, FrameLimits.NonceBytes);
        nonceB = message.NonceB;
        helloCount = JoinFrame.Close(hello, 0, FrameKind.Hello, message.Encode(hello, FrameLimits.JoinHeaderBytes));
        if (helloCount < 0)
            throw new System.ArgumentException("the board's name is too long or not ASCII");
    }

    /// <summary>The public part of the code.</summary>
    public string CodeId => code.Id;

    /// <summary>The connection stands: Hello goes out (again).</summary>
    public void Begin()
    {
        helloDue = true;
        acceptDue = false;
        RefusedReason = "";
        MayTryAgain = false;
    }

    /// <summary>True while a payload waits to be sent.</summary>
    public bool HasDue => helloDue || acceptDue;

    /// <summary>Writes the payload that is due, 0 when none is.</summary>
    public int NextToSend(byte[] buffer)
    {
        if (helloDue)
        {
            System.Array.Copy(hello, 0, buffer, 0, helloCount);
            helloDue = false;
            return helloCount;
        }
        if (acceptDue)
        {
            System.Array.Copy(accept, 0, buffer, 0, acceptCount);
            acceptDue = false;
            return acceptCount;
        }
        return 0;
    }

    /// <summary>Takes a payload from the join topic; returns its FrameStatus. Nothing but Ok changes anything.</summary>
    public int Receive(byte[] frame, int offset, int count, Identity identity)
    {
        if (count < FrameLimits.JoinHeaderBytes)
            return FrameStatus.TooShort;
        if (count > FrameLimits.JoinFrameBytesMax)
            return FrameStatus.TooLong;
        if (frame[offset] != FrameLimits.Version)
            return FrameStatus.BadVersion;
        int body = offset + FrameLimits.JoinHeaderBytes;
        int bodyCount = count - FrameLimits.JoinHeaderBytes;
        switch (JoinFrame.KindOf(frame, offset, count))
        {
            case FrameKind.Offer: return ReceiveOffer(frame, body, bodyCount, identity);
            case FrameKind.Joined: return ReceiveJoined(frame, body, bodyCount, identity);
            case FrameKind.JoinRefused: return ReceiveRefused(frame, body, bodyCount);
            default: return FrameStatus.Unexpected;
        }
    }

    private int ReceiveOffer(byte[] frame, int body, int bodyCount, Identity identity)
    {
        Offer offer = new Offer();
        if (!offer.Decode(frame, body, bodyCount))
            return FrameStatus.BadBody;
        int helloBody = FrameLimits.JoinHeaderBytes;
        int helloBodyCount = helloCount - FrameLimits.JoinHeaderBytes;
        byte[] expected = KeyDerivation.OfferMac(hmac, code.Secret, hello, helloBody, helloBodyCount, frame, body, offer.BytesWithoutMac);
        WrongCode = !KeyDerivation.Same(expected, 0, offer.Mac, 0, FrameLimits.HashBytes);
        if (WrongCode)
            return FrameStatus.BadMac;
        byte[] key = KeyDerivation.DeviceKey(hmac, code.Secret, offer.Site, offer.DeviceId, nonceB, offer.NonceG);
        // Without a saved key the code must not be used up: the gateway waits, a person sees SaveFailures.
        if (!identity.Join(offer.Site, offer.DeviceId, key))
            return FrameStatus.Ok;
        Accept message = new Accept();
        message.Mac = KeyDerivation.AcceptMac(hmac, code.Secret, hello, helloBody, helloBodyCount, frame, body, bodyCount);
        acceptCount = JoinFrame.Close(accept, 0, FrameKind.Accept, message.Encode(accept, FrameLimits.JoinHeaderBytes));
        acceptDue = true;
        return FrameStatus.Ok;
    }

    private int ReceiveJoined(byte[] frame, int body, int bodyCount, Identity identity)
    {
        Joined joined = new Joined();
        if (!joined.Decode(frame, body, bodyCount))
            return FrameStatus.BadBody;
        if (acceptCount == 0 || joined.DeviceId != identity.DeviceId)
            return FrameStatus.Unexpected;
        identity.Confirm();
        Done = true;
        return FrameStatus.Ok;
    }

    private int ReceiveRefused(byte[] frame, int body, int bodyCount)
    {
        JoinRefused refused = new JoinRefused();
        if (!refused.Decode(frame, body, bodyCount))
            return FrameStatus.BadBody;
        RefusedReason = refused.ReasonCode.Length == 0 ? "unknown" : refused.ReasonCode;
        RefusedHint = refused.Hint;
        MayTryAgain = RefusedReason == "NO_OFFER" || RefusedReason == "LIMIT_REACHED";
        return FrameStatus.Ok;
    }
}
