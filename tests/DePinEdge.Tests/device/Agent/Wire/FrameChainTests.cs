// The MAC chain: what is taken, and every way in which something else is not.
using System.Security.Cryptography;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class FrameChainTests
{
    private static readonly byte[] Key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
    private static readonly HmacSha256 Hmac = new();

    [Fact]
    public void Frames_follow_the_formula_of_the_specification()
    {
        var chain = new FrameChain(Hmac, Key);
        var h = new byte[32];
        for (uint seq = 1; seq <= 30; seq++)
        {
            var body = Enumerable.Repeat((byte)seq, (int)seq * 7).ToArray();
            var frame = Seal(chain, FrameKind.Report, body);

            h = Mac(Key, [.. h, 1, FrameKind.Report, (byte)seq, 0, 0, 0, .. body]);
            byte[] expected = [1, FrameKind.Report, (byte)seq, 0, 0, 0, .. h[..16], .. body];
            Assert.Equal(expected, frame);
        }
    }

    [Fact]
    public void What_one_end_seals_the_other_opens_in_order()
    {
        var sender = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        for (var i = 0; i < 40; i++)
        {
            var body = new byte[i * 100];
            var frame = Seal(sender, (byte)(16 + i % 12), body);
            byte[] around = [9, 9, 9, .. frame, 9];

            Assert.Equal(FrameStatus.Ok, receiver.Open(around, 3, frame.Length));
            Assert.Equal(16 + i % 12, receiver.Kind);
            Assert.Equal(3 + FrameLimits.HeaderBytes, receiver.BodyOffset);
            Assert.Equal(body.Length, receiver.BodyCount);
        }
        Assert.Equal(41u, receiver.NextSeq);
    }

    [Fact]
    public void A_body_may_stand_in_its_place_before_it_is_sealed()
    {
        byte[] body = [1, 2, 3];
        var frame = new byte[100];
        body.CopyTo(frame, 10 + FrameLimits.HeaderBytes);

        var count = new FrameChain(Hmac, Key).Seal(FrameKind.Batch, frame, 10 + FrameLimits.HeaderBytes, 3, frame, 10);

        Assert.Equal(Seal(new FrameChain(Hmac, Key), FrameKind.Batch, body), frame[10..(10 + count)]);
    }

    [Fact]
    public void A_missing_frame_is_a_gap_until_it_comes()
    {
        var sender = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        var frames = Enumerable.Range(0, 3).Select(i => Seal(sender, FrameKind.Report, [(byte)i])).ToArray();

        Assert.Equal(FrameStatus.Gap, Open(receiver, frames[1]));
        Assert.Equal(FrameStatus.Gap, Open(receiver, frames[2]));
        Assert.All(frames, frame => Assert.Equal(FrameStatus.Ok, Open(receiver, frame)));
    }

    [Fact]
    public void The_same_frame_again_is_a_duplicate_as_long_as_it_is_remembered()
    {
        var sender = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        var first = Seal(sender, FrameKind.Report, [1]);
        Assert.Equal(FrameStatus.Ok, Open(receiver, first));
        for (var i = 1; i < FrameChain.Remembered; i++)
            Open(receiver, Seal(sender, FrameKind.Report, [1]));

        Assert.Equal(FrameStatus.Duplicate, Open(receiver, first));
        Open(receiver, Seal(sender, FrameKind.Report, [1]));
        Assert.Equal(FrameStatus.Stale, Open(receiver, first));
    }

    [Fact]
    public void Another_valid_frame_under_a_taken_number_is_a_fork()
    {
        var sender = new FrameChain(Hmac, Key);
        var clone = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        var common = Seal(sender, FrameKind.Birth, [0]);
        Seal(clone, FrameKind.Birth, [0]);
        Open(receiver, common);
        Open(receiver, Seal(sender, FrameKind.Report, [1]));

        var other = Seal(clone, FrameKind.Report, [2]);

        Assert.Equal(FrameStatus.Fork, Open(receiver, other));
        Assert.Equal(FrameStatus.Ok, Open(receiver, Seal(sender, FrameKind.Report, [3])));
    }

    [Fact]
    public void A_stranger_cannot_make_up_a_fork()
    {
        var sender = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        var frame = Seal(sender, FrameKind.Report, [1]);
        Open(receiver, frame);
        frame[FrameLimits.HeaderBytes] = 2;
        frame[10] ^= 1;

        Assert.Equal(FrameStatus.BadMac, Open(receiver, frame));
    }

    [Fact]
    public void Every_flipped_bit_is_noticed_and_leaves_the_chain_as_it_was()
    {
        var sender = new FrameChain(Hmac, Key);
        var receiver = new FrameChain(Hmac, Key);
        Open(receiver, Seal(sender, FrameKind.Birth, [5]));
        var frame = Seal(sender, FrameKind.Report, [1, 2, 3]);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var forged = (byte[])frame.Clone();
            forged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(FrameStatus.Ok, Open(receiver, forged));
        }

        Assert.Equal(FrameStatus.Ok, Open(receiver, frame));
    }

    [Fact]
    public void A_recorded_session_says_nothing_to_the_next_one()
    {
        var kDev = Key;
        byte[] nonce1 = new byte[16], nonce2 = new byte[16];
        nonce2[15] = 1;
        var scratch = new byte[FrameChain.ScratchBytes];
        var recorded = new SessionChains(Hmac, kDev, "home", "dev-1", 65537, nonce1, scratch);
        var frames = Enumerable.Range(0, 5).Select(i => Seal(recorded.Up, FrameKind.Report, [(byte)i])).ToArray();

        var sameNonce = new SessionChains(Hmac, kDev, "home", "dev-1", 65538, nonce1, scratch);
        var sameNumber = new SessionChains(Hmac, kDev, "home", "dev-1", 65537, nonce2, scratch);
        var otherDevice = new SessionChains(Hmac, kDev, "home", "dev-2", 65537, nonce1, scratch);

        Assert.Equal(FrameStatus.BadMac, Open(sameNonce.Up, frames[0]));
        Assert.Equal(FrameStatus.BadMac, Open(sameNumber.Up, frames[0]));
        Assert.Equal(FrameStatus.BadMac, Open(otherDevice.Up, frames[0]));
        Assert.Equal(FrameStatus.BadMac, Open(new SessionChains(Hmac, kDev, "home", "dev-1", 65537, nonce1, scratch).Down, frames[0]));
    }

    [Fact]
    public void Frames_outside_the_limits_are_refused_at_the_edge()
    {
        var sender = new FrameChain(Hmac, Key);
        var frame = new byte[FrameLimits.FrameBytesMax + 1];
        Assert.Equal(-1, sender.Seal(FrameKind.Batch, new byte[FrameLimits.BodyBytesMax + 1], 0, FrameLimits.BodyBytesMax + 1, frame, 0));
        Assert.Equal(-1, sender.Seal(FrameKind.Batch, new byte[FrameLimits.BodyBytesMax], 0, FrameLimits.BodyBytesMax, frame, 2));
        Assert.Equal(1u, sender.NextSeq);
        var longest = Seal(sender, FrameKind.Batch, new byte[FrameLimits.BodyBytesMax]);
        Assert.Equal(4096, longest.Length);

        var receiver = new FrameChain(Hmac, Key);
        Assert.Equal(FrameStatus.TooLong, Open(receiver, [.. longest, 0]));
        Assert.Equal(FrameStatus.TooShort, Open(receiver, longest[..(FrameLimits.HeaderBytes - 1)]));
        Assert.Equal(FrameStatus.BadVersion, Open(receiver, [2, .. longest[1..]]));
        Assert.Equal(FrameStatus.Ok, Open(receiver, longest));
        Assert.Equal(FrameStatus.Ok, Open(receiver, Seal(sender, FrameKind.Batch, [])));
    }

    [Fact]
    public void A_Welcome_verifies_itself_and_opens_the_session()
    {
        var scratch = new byte[FrameChain.ScratchBytes];
        var welcome = new Welcome { LoginNumber = 65537, UtcMs = 1795330000000 };
        welcome.NonceG[3] = 77;
        var gateway = new SessionChains(Hmac, Key, "home", "dev-1", 65537, welcome.NonceG, scratch);
        var body = new byte[200];
        var frame = Seal(gateway.Down, FrameKind.Welcome, body[..welcome.Encode(body, 0)]);

        var board = SessionChains.FromWelcome(Hmac, Key, "home", "dev-1", 65537, frame, 0, frame.Length, new Welcome(), scratch);

        Assert.NotNull(board);
        Assert.Equal(FrameStatus.Ok, Open(gateway.Up, Seal(board.Up, FrameKind.Birth, [1])));
        Assert.Equal(FrameStatus.Ok, Open(board.Down, Seal(gateway.Down, FrameKind.Batch, [1])));
        Assert.Null(SessionChains.FromWelcome(Hmac, new byte[32], "home", "dev-1", 65537, frame, 0, frame.Length, new Welcome(), scratch));
        Assert.Null(SessionChains.FromWelcome(Hmac, Key, "home", "dev-1", 65538, frame, 0, frame.Length, new Welcome(), scratch));
        frame[^1] ^= 1;
        Assert.Null(SessionChains.FromWelcome(Hmac, Key, "home", "dev-1", 65537, frame, 0, frame.Length, new Welcome(), scratch));
    }

    private static byte[] Mac(byte[] key, byte[] data) => HMACSHA256.HashData(key, data);

    private static byte[] Seal(FrameChain chain, byte kind, byte[] body)
    {
        var frame = new byte[FrameLimits.FrameBytesMax];
        var count = chain.Seal(kind, body, 0, body.Length, frame, 0);
        Assert.Equal(FrameLimits.HeaderBytes + body.Length, count);
        return frame[..count];
    }

    private static int Open(FrameChain chain, byte[] frame) => chain.Open(frame, 0, frame.Length);
}
