using System.Security.Cryptography;
using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Devices;

/// <summary>
/// Makes join codes and holds the join conversation: Hello, Offer, Accept, Joined (protocol.md, Join). Both sides prove the code's
/// secret and derive the device's key from it; neither secret nor key travels. The code is used up in the same durable turn in which
/// the device appears, and its secret is forgotten.
/// </summary>
public sealed class JoinDesk(GatewayOptions options, DeviceTable table, IHmac hmac, IEntropySource entropy)
{
    private const string JoinPrefix = "join-";

    private const int StemsMax = 1_000;

    private readonly AddressLimiter limiter = new(options.JoinAttemptsPerAddress, options.JoinWindowMs);
    private readonly byte[] reply = new byte[FrameLimits.FrameBytesMax];

    // The next number to try for each stem of a name: two boards that join at the same moment are offered different names, and the
    // hundred thousandth board is named as quickly as the first. Not durable.
    private readonly Dictionary<string, int> nextNumbers = new(StringComparer.Ordinal);

    /// <summary>Join messages refused since the start.</summary>
    public long Refusals { get; private set; }

    /// <summary>Makes a join code. The answer carries the secret, once.</summary>
    public Outcome<InviteView> Invite(InviteAsked asked, IEffects effects)
    {
        if (asked.Name.Length > 0 && !Names.IsValid(asked.Name))
            return new Problem("bad-name", $"the device name '{asked.Name}' is not {Names.Rule}");
        if (asked.Name.StartsWith(JoinPrefix, StringComparison.Ordinal))
            return new Problem("bad-name", $"the device name '{asked.Name}' starts with '{JoinPrefix}', as the client ids of joining boards do");
        if (asked.Owner.Length > 0 && !Names.IsValid(asked.Owner))
            return new Problem("bad-owner", $"the owner '{asked.Owner}' is not {Names.Rule}");
        if (asked.LifetimeMs is < 0 or > 30L * 86_400_000)
            return new Problem("bad-lifetime", $"a join code lives 1 ms to 30 days, not {asked.LifetimeMs} ms");
        if (table.OpenCodes(effects.Now.UtcMs) >= options.OpenJoinCodesMax)
            return effects.Tally.Of(new Problem(
                "limit-reached", $"{options.OpenJoinCodesMax} join codes are open", "use some or wait until they expire", GatewayLimit.OpenJoinCodesMax));

        foreach (var old in table.ForgottenBy(effects.Now.UtcMs))
            effects.Blob($"secret/join/{old.Id}", null);
        string id;
        do
            id = Base32.FromRandom(Random(JoinCode.IdChars)).ToLowerInvariant();
        while (table.FindCode(id) is not null);
        var secret = Base32.FromRandom(Random(JoinCode.SecretChars));
        var expires = effects.Now.UtcMs + (asked.LifetimeMs == 0 ? options.JoinCodeLifetimeMs : asked.LifetimeMs);
        effects.Record(new JoinCodeIssued(id, asked.Name, asked.Owner, expires));
        effects.Blob($"secret/join/{id}", Encoding.ASCII.GetBytes(secret));
        return new InviteView($"{id}-{secret}", id, asked.Name, asked.Owner, expires);
    }

    /// <summary>One message of a board that has no id yet. <paramref name="codeId"/> is the one in its client id.</summary>
    public void Received(string codeId, string address, ReadOnlySpan<byte> payload, IEffects effects)
    {
        if (!limiter.Allow(address, effects.Now.Ms))
        {
            effects.Tally.Count(GatewayLimit.JoinAttemptsPerAddress);
            Refuse(codeId, ReasonCode.LimitReached, $"more than {options.JoinAttemptsPerAddress} join messages a minute from {address}", effects);
            return;
        }
        var frame = payload.ToArray();
        var kind = JoinFrame.KindOf(frame, 0, frame.Length);
        var body = kind == 0 ? [] : frame[FrameLimits.JoinHeaderBytes..];
        if (kind == FrameKind.Hello)
            HelloReceived(codeId, body, effects);
        else if (kind == FrameKind.Accept)
            AcceptReceived(codeId, body, effects);
        else
            Refuse(codeId, ReasonCode.NoOffer, "not a Hello or Accept of version 1 within 256 bytes", effects);
    }

    private void HelloReceived(string codeId, byte[] body, IEffects effects)
    {
        var hello = new Hello();
        if (!hello.Decode(body, 0, body.Length) || hello.CodeId != codeId)
        {
            Refuse(codeId, ReasonCode.NoOffer, "the Hello is malformed or names another code", effects);
            return;
        }
        if (UsableCode(codeId, effects, hello.NonceB) is not { } code)
            return;
        if (code.UsedBy.Length > 0)
        {
            Repeat(code, effects);
            return;
        }
        if (code.Pending is { } open && open.HelloBody.AsSpan().SequenceEqual(body))
        {
            Reply(codeId, FrameKind.Offer, open.OfferBody, effects);
            return;
        }
        if (table.Count >= options.DevicesMax && table.Find(code.Name) is null)
        {
            effects.Tally.Count(GatewayLimit.DevicesMax);
            Refuse(codeId, ReasonCode.LimitReached, $"{options.DevicesMax} devices have joined", effects);
            return;
        }
        var device = code.Name.Length > 0 ? code.Name : FreeName(hello.Board);
        var offer = new Offer { Site = options.Site, DeviceId = device, NonceG = Random(FrameLimits.NonceBytes), Mac = new byte[32] };
        var bare = offer.EncodeWithoutMac(reply, 0);
        offer.Mac = KeyDerivation.OfferMac(hmac, code.Secret, body, 0, body.Length, reply, 0, bare);
        var count = offer.Encode(reply, 0);
        Invariant.Require(count > 0, "an Offer does not fit a frame");
        var key = KeyDerivation.DeviceKey(hmac, code.Secret, options.Site, device, hello.NonceB, offer.NonceG);
        code.Pending = new PendingOffer(device, hello.Board, hello.NonceB, offer.NonceG, body, reply.AsSpan(0, count).ToArray(), offer.Mac, key);
        Reply(codeId, FrameKind.Offer, code.Pending.OfferBody, effects);
    }

    private void AcceptReceived(string codeId, byte[] body, IEffects effects)
    {
        var accept = new Accept();
        if (!accept.Decode(body, 0, body.Length))
        {
            Refuse(codeId, ReasonCode.NoOffer, "the Accept is malformed", effects);
            return;
        }
        if (table.FindCode(codeId) is { UsedBy.Length: > 0 } used
            && table.Find(used.UsedBy) is { } known && known.CodeId == codeId && Same(known.AcceptMac, accept.Mac))
        {
            ReplyJoined(codeId, known.Id.Value, effects);
            return;
        }
        if (UsableCode(codeId, effects, null) is not { } code)
            return;
        if (code.Pending is not { } offer)
        {
            Refuse(codeId, ReasonCode.NoOffer, "no offer is open for this code; start again with Hello", effects);
            return;
        }
        var expected = KeyDerivation.AcceptMac(hmac, code.Secret, offer.HelloBody, 0, offer.HelloBody.Length, offer.OfferBody, 0, offer.OfferBody.Length);
        if (!Same(expected, accept.Mac))
        {
            WrongProof(code, effects);
            return;
        }
        // Between Hello and Accept another board may have taken the name: a code without a name gives its board the next free one.
        if (code.Name.Length == 0 && table.Find(offer.DeviceId) is not null)
        {
            code.Pending = null;
            Refuse(codeId, ReasonCode.NoOffer, $"the name {offer.DeviceId} was taken meanwhile; start again with Hello", effects);
            return;
        }
        var device = new DeviceId(offer.DeviceId);
        // Joining under an old name replaces that device's key: whoever is connected with the old one leaves first.
        if (table.Find(offer.DeviceId) is not null)
        {
            effects.Disconnect(device.Value, Mqtt.ReasonCode.SessionTakenOver, "the device joined again");
            effects.Blob($"secret/next/{device}", null);
        }
        effects.Record(new DeviceJoined(device, codeId, code.Owner, offer.Board, offer.NonceB, offer.NonceG, offer.OfferMac, accept.Mac));
        effects.Blob($"secret/device/{device}", offer.Key);
        effects.Blob($"secret/join/{codeId}", null);
        ReplyJoined(codeId, device.Value, effects);
    }

    /// <summary>The code when it can still be answered; null after a refusal was sent. A used code passes only for the board that used it.</summary>
    private IssuedCode? UsableCode(string codeId, IEffects effects, byte[]? nonceB)
    {
        if (table.FindCode(codeId) is not { } code)
        {
            Refuse(codeId, ReasonCode.UnknownCode, "no such join code on this site", effects);
            return null;
        }
        if (code.UsedBy.Length > 0)
        {
            if (nonceB is not null && table.Find(code.UsedBy) is { } device && device.CodeId == code.Id && Same(device.NonceB, nonceB))
                return code;
            Refuse(codeId, ReasonCode.UsedCode, $"the code was used by {code.UsedBy}", effects);
            return null;
        }
        if (code.Failures >= options.JoinFailuresMax || code.Secret is null)
        {
            Refuse(codeId, ReasonCode.BurnedCode, $"{options.JoinFailuresMax} wrong proofs burned the code", effects);
            return null;
        }
        if (effects.Now.UtcMs >= code.ExpiresUtcMs)
        {
            Refuse(codeId, ReasonCode.ExpiredCode, "the code's time is over", effects);
            return null;
        }
        return code;
    }

    private void WrongProof(IssuedCode code, IEffects effects)
    {
        effects.Record(new JoinCodeFailed(code.Id, code.Failures + 1));
        if (code.Failures >= options.JoinFailuresMax)
        {
            effects.Blob($"secret/join/{code.Id}", null);
            code.Pending = null;
            Refuse(code.Id, ReasonCode.BurnedCode, $"{options.JoinFailuresMax} wrong proofs burned the code", effects);
            return;
        }
        Refuse(code.Id, ReasonCode.WrongCode, $"wrong proof {code.Failures} of {options.JoinFailuresMax}", effects);
    }

    /// <summary>A board that missed the end of its join says Hello with the same nonce: it gets the same Offer, byte for byte.</summary>
    private void Repeat(IssuedCode code, IEffects effects)
    {
        var device = table.Find(code.UsedBy)!;
        var offer = new Offer { Site = options.Site, DeviceId = device.Id.Value, NonceG = device.NonceG, Mac = device.OfferMac };
        var count = offer.Encode(reply, 0);
        Reply(code.Id, FrameKind.Offer, reply.AsSpan(0, count).ToArray(), effects);
    }

    private void ReplyJoined(string codeId, string device, IEffects effects)
    {
        var count = new Joined { DeviceId = device }.Encode(reply, 0);
        Reply(codeId, FrameKind.Joined, reply.AsSpan(0, count).ToArray(), effects);
    }

    private void Refuse(string codeId, ReasonCode reason, string detail, IEffects effects)
    {
        Refusals++;
        if (reason == ReasonCode.BurnedCode)
            effects.Tally.Count(GatewayLimit.JoinFailuresMax);
        else if (reason == ReasonCode.ExpiredCode)
            effects.Tally.Count(GatewayLimit.JoinCodeLifetimeMs);
        var hint = detail.Length <= FrameLimits.HintBytesMax ? detail : detail[..FrameLimits.HintBytesMax];
        var count = new JoinRefused { ReasonCode = ReasonNames.Of(reason), Hint = hint }.Encode(reply, 0);
        Invariant.Require(count > 0, "a JoinRefused does not fit a frame");
        Reply(codeId, FrameKind.JoinRefused, reply.AsSpan(0, count).ToArray(), effects);
        effects.Pass(new Refused(Topics.JoinClientId(codeId), reason, detail, RefusedWhat.Join));
    }

    private static void Reply(string codeId, byte kind, byte[] body, IEffects effects) =>
        effects.Send(Topics.JoinClientId(codeId), Topics.JoinDown(codeId), [FrameLimits.Version, kind, .. body]);

    private string FreeName(string board)
    {
        var stem = Names.IsValid(board) && !board.StartsWith(JoinPrefix, StringComparison.Ordinal) ? board[..Math.Min(board.Length, 24)] : "board";
        if (nextNumbers.Count >= StemsMax && !nextNumbers.ContainsKey(stem))
            nextNumbers.Clear();
        for (var n = nextNumbers.GetValueOrDefault(stem, 1); ; n++)
        {
            var name = $"{stem}-{n:00}";
            if (table.Find(name) is not null)
                continue;
            nextNumbers[stem] = n + 1;
            return name;
        }
    }

    private byte[] Random(int count)
    {
        var bytes = new byte[count];
        entropy.Fill(bytes);
        return bytes;
    }

    private static bool Same(byte[] a, byte[] b) => CryptographicOperations.FixedTimeEquals(a, b);
}
