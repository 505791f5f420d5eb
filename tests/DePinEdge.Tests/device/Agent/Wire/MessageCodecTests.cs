// The hand codec and Google.Protobuf agree byte for byte, and nothing malformed gets through or throws.
using Google.Protobuf;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class MessageCodecTests
{
    public static TheoryData<string> Kinds => [.. MessagePairs.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_hand_codec_writes_what_protobuf_writes(string name)
    {
        var kind = MessagePairs.Named(name);
        var random = new Random(20261123);
        for (var i = 0; i < 500; i++)
        {
            var pair = kind.Draw(random);
            Assert.Equal(pair.Google.ToByteArray(), pair.Hand);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_hand_codec_reads_what_protobuf_writes(string name)
    {
        var kind = MessagePairs.Named(name);
        var random = new Random(20261124);
        for (var i = 0; i < 500; i++)
        {
            var bytes = kind.Draw(random).Google.ToByteArray();
            // In the middle of a larger buffer, so that reading outside shows.
            byte[] around = [0xff, 0xff, .. bytes, 0xff, 0xff];
            Assert.Equal(bytes, kind.Rewrite(around, 2, bytes.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unknown_fields_are_skipped(string name)
    {
        // Offer says that nothing may follow its mac, known or not.
        if (name == "Offer")
            return;
        var kind = MessagePairs.Named(name);
        var bytes = kind.Draw(new Random(7)).Google.ToByteArray();
        byte[][] strangers =
        [
            [0xf8, 0x01, 0x96, 0x01],                                     // field 31, varint
            [0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8],                         // field 31, fixed64
            [0xfa, 0x01, 0x03, 9, 9, 9],                                  // field 31, bytes
            [0xfd, 0x01, 1, 2, 3, 4],                                     // field 31, fixed32
            [0x0d, 1, 2, 3, 4],                                           // field 1 under another wire type
        ];
        foreach (var stranger in strangers)
        {
            byte[] first = [.. stranger, .. bytes];
            byte[] last = [.. bytes, .. stranger];
            // A Birth has a limit as a whole, which strangers count towards.
            if (name == "Birth" && last.Length > DePinEdge.Agent.Wire.FrameLimits.BirthBytesMax)
                continue;
            Assert.Equal(bytes, kind.Rewrite(first, 0, first.Length));
            Assert.Equal(bytes, kind.Rewrite(last, 0, last.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Truncated_and_mutated_bodies_never_throw(string name)
    {
        var kind = MessagePairs.Named(name);
        var random = new Random(20261125);
        for (var i = 0; i < 60; i++)
        {
            var bytes = kind.Draw(random).Google.ToByteArray();
            for (var count = 0; count < bytes.Length; count += 1 + bytes.Length / 100)
                kind.Rewrite(bytes[..count], 0, count);
            for (var j = 0; j < 60; j++)
            {
                var mutated = (byte[])bytes.Clone();
                for (var k = random.Next(1, 5); k > 0 && mutated.Length > 0; k--)
                    mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                var rewritten = kind.Rewrite(mutated, 0, mutated.Length);
                // What is taken is a message: it can be written and read again.
                if (rewritten is not null)
                    Assert.Equal(rewritten, kind.Rewrite(rewritten, 0, rewritten.Length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Noise_never_throws(string name)
    {
        var kind = MessagePairs.Named(name);
        var random = new Random(20261126);
        for (var i = 0; i < 3000; i++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            kind.Rewrite(noise, 0, noise.Length);
        }
    }

    [Fact]
    public void Every_message_of_the_schema_is_checked()
    {
        var inSchema = DePinEdge.Wire.Proto.DepinReflection.Descriptor.MessageTypes.Select(m => m.Name)
            .Except(["BatchTask", "TaskResult"]).Order(StringComparer.Ordinal);

        Assert.Equal(inSchema, MessagePairs.All.Select(kind => kind.Name).Order(StringComparer.Ordinal));
    }
}
