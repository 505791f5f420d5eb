using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using SQLitePCL;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Snapshots in parts: a few parts go along with each turn's commit, so that a large state does not stall one turn. A snapshot counts
/// when all its parts are there and its digest fits; the one before it is kept until then, and one longer as a second choice.
/// </summary>
internal sealed class SnapshotTable : IDisposable
{
    /// <summary>Bytes of one part.</summary>
    public const int PartBytes = 256 << 10;

    /// <summary>Parts that one commit carries: 1 MB costs a few milliseconds on an SSD.</summary>
    public const int PartsPerCommit = 4;

    private readonly SqliteDatabase database;
    private readonly SqliteStatement insert, clear;
    private readonly List<string> damage = [];
    private byte[]? state;
    private byte[] digest = [];
    private long turn;
    private int written, inFlight;
    private bool begun;
    private (long Turn, byte[]? State, byte[] Digest, int Written) before;

    public SnapshotTable(SqliteDatabase database)
    {
        this.database = database;
        insert = database.Prepare("INSERT OR REPLACE INTO snapshot(turn, part, parts, digest, body) VALUES (?1, ?2, ?3, ?4, ?5)");
        // Whole snapshots but the newest two, and the parts of those that a later one overtook.
        clear = database.Prepare("DELETE FROM snapshot WHERE turn < ?1 AND turn NOT IN"
            + " (SELECT turn FROM snapshot WHERE turn < ?1 GROUP BY turn HAVING count(*) = max(parts) ORDER BY turn DESC LIMIT 1)");
    }

    /// <summary>Parts still to be written.</summary>
    public bool Pending => state is not null;

    /// <summary>Snapshots that were passed over because they do not fit their digest.</summary>
    public IReadOnlyList<string> Damage => damage;

    private int Parts => Math.Max(1, (state!.Length + PartBytes - 1) / PartBytes);

    /// <summary>Takes over a new state; one that is not yet whole is given up for it.</summary>
    public void Begin(long turnSeq, byte[] newState)
    {
        begun = true;
        before = (turn, state, digest, written);
        (turn, state, digest, written) = (turnSeq, newState, SHA256.HashData(newState), 0);
    }

    /// <summary>Writes the next parts inside the caller's transaction; answers SQLite's code.</summary>
    public int WriteSome()
    {
        inFlight = 0;
        if (state is null)
            return raw.SQLITE_OK;
        for (; inFlight < PartsPerCommit && written + inFlight < Parts; inFlight++)
        {
            var part = written + inFlight;
            var body = state.AsSpan(part * PartBytes, Math.Min(PartBytes, state.Length - part * PartBytes));
            var code = insert.Bind(1, turn).Bind(2, part).Bind(3, Parts).Bind(4, digest).Bind(5, body).TryRun();
            if (code != raw.SQLITE_OK)
                return code;
        }
        return written + inFlight == Parts ? clear.Bind(1, turn).TryRun() : raw.SQLITE_OK;
    }

    /// <summary>The transaction is durable.</summary>
    public void Committed()
    {
        begun = false;
        written += inFlight;
        inFlight = 0;
        if (state is not null && written == Parts)
            state = null;
    }

    /// <summary>The transaction was rolled back; its turn will come again, and a snapshot that came with it too.</summary>
    public void RolledBack()
    {
        inFlight = 0;
        if (begun)
            (turn, state, digest, written) = before;
        begun = false;
    }

    /// <summary>The newest intact snapshot, or null with turn 0: then everything is replayed.</summary>
    public byte[]? ReadNewest(out long snapshotTurn)
    {
        var candidates = new List<long>();
        using (var select = database.Prepare(
            "SELECT turn FROM snapshot GROUP BY turn HAVING count(*) = max(parts) ORDER BY turn DESC"))
        {
            while (select.Step())
                candidates.Add(select.Int64(0));
        }
        foreach (var candidate in candidates)
        {
            if (ReadWhole(candidate) is { } whole)
            {
                snapshotTurn = candidate;
                return whole;
            }
            damage.Add($"{database.Path}: the snapshot after turn {candidate} does not fit its digest; an older state and more turns are used");
        }
        snapshotTurn = 0;
        return null;
    }

    private byte[]? ReadWhole(long candidate)
    {
        using var select = database.Prepare("SELECT digest, body FROM snapshot WHERE turn = ?1 ORDER BY part");
        using var whole = new MemoryStream();
        byte[] stored = [];
        select.Bind(1, candidate);
        while (select.Step())
        {
            stored = select.Blob(0).ToArray();
            whole.Write(select.Blob(1));
        }
        var bytes = whole.ToArray();
        return SHA256.HashData(bytes).AsSpan().SequenceEqual(stored) ? bytes : null;
    }

    public void Dispose()
    {
        insert.Dispose();
        clear.Dispose();
    }
}
