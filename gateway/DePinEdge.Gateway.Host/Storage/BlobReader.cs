using System.Security.Cryptography;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Reads single blobs on any thread, over a connection of its own, so that a person who looks at old results never waits for (or
/// holds up) a commit. Reads are short: a long reader would let the write-ahead log grow.
/// </summary>
internal sealed class BlobReader(string path) : IDisposable
{
    private const int DigestBytes = 16;

    private readonly Lock gate = new();
    private SqliteDatabase? database;
    private SqliteStatement? select;

    /// <summary>The blob, or null. Throws <see cref="StoreException"/> (Corrupt) when it does not fit its digest.</summary>
    public byte[]? Read(string key)
    {
        lock (gate)
        {
            database ??= SqliteDatabase.Open(path, readOnly: true);
            select ??= database.Prepare("SELECT digest, bytes FROM blob WHERE key = ?1");
            try
            {
                select.Bind(1, key);
                return select.Step() ? Checked(database, key, select.Blob(0), select.Blob(1).ToArray()) : null;
            }
            finally
            {
                select.Reset();
            }
        }
    }

    /// <summary>All blobs whose key starts with the prefix (which ends with '/'), in the order of their keys.</summary>
    public static void ReadAll(SqliteDatabase database, string prefix, List<BlobWrite> into)
    {
        using var all = database.Prepare("SELECT key, digest, bytes FROM blob WHERE key >= ?1 AND key < ?2 ORDER BY key");
        all.Bind(1, prefix).Bind(2, prefix[..^1] + (char)('/' + 1));
        while (all.Step())
        {
            var key = all.Text(0);
            into.Add(new BlobWrite(key, Checked(database, key, all.Blob(1), all.Blob(2).ToArray())));
        }
    }

    /// <summary>What is stored beside a blob to notice a damaged row.</summary>
    public static byte[] Digest(string key, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(key));
        hash.AppendData(bytes);
        return hash.GetHashAndReset()[..DigestBytes];
    }

    public void Dispose()
    {
        lock (gate)
        {
            select?.Dispose();
            database?.Dispose();
            (select, database) = (null, null);
        }
    }

    private static byte[] Checked(SqliteDatabase database, string key, ReadOnlySpan<byte> digest, byte[] bytes) =>
        Digest(key, bytes).AsSpan().SequenceEqual(digest) ? bytes : throw database.Corrupt($"blob {key} does not fit its digest");
}
