using System.Security.Cryptography;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// The hash chain over every durable record: H_i = SHA-256(H_{i-1} | record bytes), H_0 = 32 zero bytes. The record bytes are the
/// stored ones, so there is no second rendering to disagree with. A head names the whole history before it.
/// </summary>
public sealed class RecordChain
{
    private byte[] head = new byte[32];

    /// <summary>The 32-byte head; a copy.</summary>
    public byte[] Head => (byte[])head.Clone();

    /// <summary>Number of records so far.</summary>
    public long Count { get; private set; }

    /// <summary>Continues from a stored head.</summary>
    public void Resume(long count, ReadOnlySpan<byte> head32)
    {
        Invariant.Require(head32.Length == 32, "a chain head has 32 bytes");
        head = head32.ToArray();
        Count = count;
    }

    /// <summary>Adds one record's stored bytes.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(record);
        hash.GetHashAndReset(head);
        Count++;
    }
}
