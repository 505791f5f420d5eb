using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The 32 bytes that name a sealed epoch and everything before it; what the site's key signs and boards remember.</summary>
public static class EpochHead
{
    /// <summary>
    /// SHA-256 of (0x02 | u8 length | ledger id | u64 epoch | u32 leaf count | root | previous head | chain head | next draw hash),
    /// numbers big endian. All four hashes have 32 bytes.
    /// </summary>
    public static byte[] Compute(
        string ledgerId, long epoch, int leafCount, byte[] root, byte[] previousHead, byte[] chainHead, byte[] nextDrawHash)
    {
        Invariant.Require(root.Length == 32 && previousHead.Length == 32 && chainHead.Length == 32 && nextDrawHash.Length == 32,
            "an epoch head is made of 32-byte hashes");
        var nameBytes = Encoding.UTF8.GetByteCount(ledgerId);
        Invariant.Require(nameBytes <= byte.MaxValue, "a ledger id has at most 255 bytes");
        Span<byte> bytes = stackalloc byte[2 + nameBytes + 12 + (4 * 32)];
        bytes[0] = 2;
        bytes[1] = (byte)nameBytes;
        Encoding.UTF8.GetBytes(ledgerId, bytes[2..]);
        var rest = bytes[(2 + nameBytes)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, epoch);
        BinaryPrimitives.WriteInt32BigEndian(rest[8..], leafCount);
        root.CopyTo(rest[12..]);
        previousHead.CopyTo(rest[44..]);
        chainHead.CopyTo(rest[76..]);
        nextDrawHash.CopyTo(rest[108..]);
        return SHA256.HashData(bytes);
    }
}
