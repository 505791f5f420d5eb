using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// What one account's line in a sealed epoch says. Every device has one (account <c>dev:ID</c>): Cumulative is all that was ever
/// posted to it, Held what of that is not released yet at the moment of sealing. Every requester has one (account <c>req:NAME</c>):
/// Cumulative is all that was ever issued to it, Held what of that it still has, without what its jobs have in escrow. System
/// accounts have none: their sums follow from the others.
/// </summary>
/// <param name="Cumulative">Lifetime total, micro-credits; never falls.</param>
/// <param name="Held">Micro-credits.</param>
/// <param name="LastReceiptHash">
/// SHA-256 of the stored bytes of the last <see cref="Transferred"/> record that credited the device's held account, or the
/// requester's account; 32 zero bytes when there is none.
/// </param>
public sealed record EpochLeaf(string Account, long Cumulative, long Held, long Epoch, byte[] LastReceiptHash)
{
    /// <summary>H(0x00 | u8 length | account | u64 cumulative | u64 held | u64 epoch | receipt hash), SHA-256, big endian.</summary>
    public byte[] Hash()
    {
        var nameBytes = Encoding.ASCII.GetByteCount(Account);
        Invariant.Require(nameBytes <= byte.MaxValue && LastReceiptHash.Length == 32, "a leaf has a short name and a 32-byte receipt hash");
        Span<byte> bytes = stackalloc byte[2 + nameBytes + 56];
        bytes[0] = 0;
        bytes[1] = (byte)nameBytes;
        Encoding.ASCII.GetBytes(Account, bytes[2..]);
        var numbers = bytes[(2 + nameBytes)..];
        BinaryPrimitives.WriteInt64BigEndian(numbers, Cumulative);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], Held);
        BinaryPrimitives.WriteInt64BigEndian(numbers[16..], Epoch);
        LastReceiptHash.CopyTo(numbers[24..]);
        return SHA256.HashData(bytes);
    }
}
