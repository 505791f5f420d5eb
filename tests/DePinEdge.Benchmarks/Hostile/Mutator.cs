namespace DePinEdge.Benchmarks.Hostile;

/// <summary>Damages bytes in the ways that links, bugs and attackers do. Every choice comes from the seed.</summary>
internal sealed class Mutator(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>A number in [0, below).</summary>
    public int Next(int below) => random.Next(below);

    /// <summary>Random bytes.</summary>
    public byte[] Noise(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A damaged copy: one to three of the ways below, one after the other. May by chance equal what it was.</summary>
    public byte[] Damage(byte[] original)
    {
        var bytes = original;
        for (var times = 1 + random.Next(3); times > 0; times--)
            bytes = Once(bytes);
        return bytes;
    }

    private byte[] Once(byte[] bytes)
    {
        if (bytes.Length == 0)
            return Noise(1 + random.Next(16));
        var at = random.Next(bytes.Length);
        switch (random.Next(10))
        {
            case 0: // one bit
                bytes = [.. bytes];
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: // an extreme value
                bytes = [.. bytes];
                bytes[at] = new byte[] { 0, 1, 0x7F, 0x80, 0xFE, 0xFF }[random.Next(6)];
                return bytes;
            case 2: // cut off
                return bytes[..at];
            case 3: // something in between
                return [.. bytes[..at], .. Noise(1 + random.Next(40)), .. bytes[at..]];
            case 4: // something missing
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + random.Next(8))..]];
            case 5: // its length lies by a little
                bytes = [.. bytes];
                bytes[Math.Min(1, bytes.Length - 1)] = (byte)(bytes[Math.Min(1, bytes.Length - 1)] + random.Next(-3, 4));
                return bytes;
            case 6: // its length lies by a lot
                return [bytes[0], 0xFF, 0xFF, 0xFF, (byte)random.Next(256), .. bytes[Math.Min(2, bytes.Length)..]];
            case 7: // another kind
                bytes = [.. bytes];
                bytes[0] = (byte)random.Next(256);
                return bytes;
            case 8: // twice
                return [.. bytes, .. bytes];
            default: // several bits
                bytes = [.. bytes];
                for (var flips = 2 + random.Next(10); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
