// SHA-256 in managed code, for boards whose firmware has only HMAC.
namespace DePinEdge.Agent.Wire;

/// <summary>SHA-256 (FIPS 180-4), incremental. Used to check a program's image piece by piece as it arrives; everything keyed goes
/// through IHmac, which is native. One instance is reused: Reset, Update any number of times, Finish.</summary>
public sealed class Sha256
{
    private static readonly uint[] RoundConstants =
    {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    };

    private static readonly uint[] InitialState =
    {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };

    private readonly uint[] state = new uint[8];
    private readonly uint[] schedule = new uint[64];
    private readonly byte[] block = new byte[64];
    private int used;
    private long total;

    /// <summary>An instance that is ready for the first Update.</summary>
    public Sha256()
    {
        Reset();
    }

    /// <summary>The hash of one range, 32 bytes.</summary>
    public static byte[] Of(byte[] data, int offset, int count)
    {
        byte[] hash = new byte[32];
        Sha256 sha = new Sha256();
        sha.Update(data, offset, count);
        sha.Finish(hash, 0);
        return hash;
    }

    /// <summary>Forgets what was given so far.</summary>
    public void Reset()
    {
        System.Array.Copy(InitialState, 0, state, 0, 8);
        used = 0;
        total = 0;
    }

    /// <summary>Takes in data[offset .. offset + count).</summary>
    public void Update(byte[] data, int offset, int count)
    {
        total += count;
        while (count > 0)
        {
            int take = 64 - used;
            if (take > count)
                take = count;
            System.Array.Copy(data, offset, block, used, take);
            used += take;
            offset += take;
            count -= take;
            if (used == 64)
                Compress();
        }
    }

    /// <summary>Writes the 32 bytes of the hash and resets.</summary>
    public void Finish(byte[] into, int offset)
    {
        long bits = total << 3;
        block[used++] = 0x80;
        if (used > 56)
        {
            System.Array.Clear(block, used, 64 - used);
            Compress();
        }
        System.Array.Clear(block, used, 56 - used);
        for (int i = 0; i < 8; i++)
            block[56 + i] = (byte)(bits >> (56 - 8 * i));
        Compress();
        for (int i = 0; i < 32; i++)
            into[offset + i] = (byte)(state[i >> 2] >> (24 - 8 * (i & 3)));
        Reset();
    }

    private void Compress()
    {
        uint[] w = schedule;
        for (int i = 0; i < 16; i++)
            w[i] = (uint)block[4 * i] << 24 | (uint)block[4 * i + 1] << 16 | (uint)block[4 * i + 2] << 8 | block[4 * i + 3];
        for (int i = 16; i < 64; i++)
        {
            uint x = w[i - 15];
            uint y = w[i - 2];
            uint s0 = (x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ (x >> 3);
            uint s1 = (y >> 17 | y << 15) ^ (y >> 19 | y << 13) ^ (y >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++)
        {
            uint s1 = (e >> 6 | e << 26) ^ (e >> 11 | e << 21) ^ (e >> 25 | e << 7);
            uint t1 = h + s1 + ((e & f) ^ (~e & g)) + RoundConstants[i] + w[i];
            uint s0 = (a >> 2 | a << 30) ^ (a >> 13 | a << 19) ^ (a >> 22 | a << 10);
            uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
        used = 0;
    }
}
