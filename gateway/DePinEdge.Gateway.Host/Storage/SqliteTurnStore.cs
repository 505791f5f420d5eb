using DePinEdge.Gateway.Flow;
using SQLitePCL;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// The production store: one SQLite file (WAL, synchronous=FULL), one row for each turn. A commit costs one sync whatever the turn
/// holds. A full disk rolls the turn back, frees the ballast and says Full; every other failed commit is Unknown, because the turn may
/// well be there after a restart. What is read is checked: the record chain over the turns, a digest over snapshots and blobs.
/// </summary>
public sealed class SqliteTurnStore : ITurnStore
{
    /// <summary>The write-ahead log is cut back to this after a checkpoint, bytes; the ballast is at least twice as large.</summary>
    public const long WalBytesMax = 16L << 20;

    private static readonly string[] KeptBlobs = ["input/", "program/", "secret/"];

    private readonly SqliteDatabase database;
    private readonly FolderLock folderLock;
    private readonly Ballast ballast;
    private readonly SqliteStatement insertTurn, putBlob, dropBlob, insertEpoch, insertAccount;
    private readonly SnapshotTable snapshots;
    private readonly BlobReader blobs;
    private long lastSeq, lastUtcMs;

    private SqliteTurnStore(DataFolder folder, SqliteDatabase database, FolderLock folderLock, Ballast ballast)
    {
        Folder = folder;
        this.database = database;
        this.folderLock = folderLock;
        this.ballast = ballast;
        snapshots = new SnapshotTable(database);
        insertTurn = database.Prepare("INSERT INTO turn(seq, first_record, n, ts, head, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        putBlob = database.Prepare("INSERT INTO blob(key, digest, bytes) VALUES (?1, ?2, ?3)"
            + " ON CONFLICT(key) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes");
        dropBlob = database.Prepare("DELETE FROM blob WHERE key = ?1");
        insertEpoch = database.Prepare("INSERT INTO epoch(epoch, last_turn, head, root) VALUES (?1, ?2, ?3, ?4)");
        insertAccount = database.Prepare("INSERT INTO account_epoch(epoch, account, cumulative, held) VALUES (?1, ?2, ?3, ?4)");
        blobs = new BlobReader(database.Path);
    }

    /// <summary>Where the file stands.</summary>
    public DataFolder Folder { get; }

    /// <summary>Damage that <see cref="Load"/> worked around (an older snapshot was used), in words for the log.</summary>
    public IReadOnlyList<string> Repairs => snapshots.Damage;

    /// <summary>
    /// Opens the folder for exclusive use, making or migrating the database. Throws <see cref="StoreException"/>: Unusable (in use, newer,
    /// not ours, no rights), Corrupt, or Full.
    /// </summary>
    public static SqliteTurnStore Open(DataFolder folder, Ballast ballast)
    {
        var taken = FolderLock.Take(folder);
        SqliteDatabase? database = null;
        try
        {
            if (!File.Exists(folder.Database))
                DataFolder.Create(folder.Database, FileMode.CreateNew).Dispose();
            database = SqliteDatabase.Open(folder.Database, readOnly: false);
            Configure(database);
            SchemaMigrations.Apply(database);
            ballast.TryTake();
            return new SqliteTurnStore(folder, database, taken, ballast);
        }
        catch (Exception failure)
        {
            database?.Dispose();
            taken.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw new StoreException(StoreFailure.Unusable, $"{folder.Database} cannot be made: {failure.Message}", failure);
            throw;
        }
    }

    public StoredState Load()
    {
        var snapshot = snapshots.ReadNewest(out var snapshotTurn);
        var turns = ReadTurns(snapshotTurn);
        lastSeq = snapshotTurn + turns.Count;
        var kept = new List<BlobWrite>();
        foreach (var prefix in KeptBlobs)
            BlobReader.ReadAll(database, prefix, kept);
        return new StoredState(snapshot, snapshotTurn, turns, kept) { LastUtcMs = lastUtcMs };
    }

    public void Commit(Turn turn)
    {
        Invariant.Require(turn.Seq == lastSeq + 1, $"turn {turn.Seq} follows turn {lastSeq}");
        var code = Write(turn);
        if (code == raw.SQLITE_OK)
        {
            lastSeq = turn.Seq;
            snapshots.Committed();
            return;
        }

        var failure = database.Failure(code, $"written (turn {turn.Seq})", StoreFailure.Unknown);
        snapshots.RolledBack();
        var full = (code & 0xFF) == raw.SQLITE_FULL;
        if (!database.AutoCommit && database.TryExecute("ROLLBACK") != raw.SQLITE_OK)
            full = false;
        if (!full)
            throw new StoreException(StoreFailure.Unknown, failure.Message, failure);
        ballast.Free();
        throw failure;
    }

    public byte[]? ReadBlob(string key) => blobs.Read(key);

    /// <summary>Writes what is left of a snapshot, closes the file (SQLite then checkpoints) and gives the folder free.</summary>
    public void Dispose()
    {
        if (snapshots.Pending)
            WriteRestOfSnapshot();
        foreach (var statement in new[] { insertTurn, putBlob, dropBlob, insertEpoch, insertAccount })
            statement.Dispose();
        snapshots.Dispose();
        blobs.Dispose();
        database.Dispose();
        folderLock.Dispose();
    }

    /// <summary>Makes the file full at so many pages of 4,096 bytes: how tests meet a full disk with the real library.</summary>
    internal void LimitPages(int pages) => database.Number($"PRAGMA max_page_count={pages}");

    private static void Configure(SqliteDatabase database)
    {
        database.Execute("PRAGMA page_size=4096", "opened");
        if (database.Text("PRAGMA journal_mode=WAL") != "wal")
            throw new StoreException(StoreFailure.Unusable, $"{database.Path} cannot use a write-ahead log on this file system");
        database.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA mmap_size=0; PRAGMA foreign_keys=OFF", "opened");
        database.Number($"PRAGMA journal_size_limit={WalBytesMax}");
    }

    /// <summary>One transaction; answers the first SQLite code that is not OK, with the transaction possibly still open.</summary>
    private int Write(Turn turn)
    {
        var code = database.TryExecute("BEGIN IMMEDIATE");
        if (code == raw.SQLITE_OK)
            code = insertTurn.Bind(1, turn.Seq).Bind(2, turn.FirstRecord).Bind(3, turn.RecordCount).Bind(4, turn.UtcMs).Bind(5, turn.Head)
                .Bind(6, turn.Body).TryRun();
        for (var i = 0; i < turn.Blobs.Count && code == raw.SQLITE_OK; i++)
            code = WriteBlob(turn.Blobs[i]);
        if (turn.Epoch is { } epoch && code == raw.SQLITE_OK)
            code = WriteEpoch(epoch);
        if (turn.Snapshot is { } state)
            snapshots.Begin(turn.Seq, state);
        if (code == raw.SQLITE_OK)
            code = snapshots.WriteSome();
        return code == raw.SQLITE_OK ? database.TryExecute("COMMIT") : code;
    }

    private int WriteBlob(BlobWrite blob) => blob.Bytes is { } bytes
        ? putBlob.Bind(1, blob.Key).Bind(2, BlobReader.Digest(blob.Key, bytes)).Bind(3, bytes).TryRun()
        : dropBlob.Bind(1, blob.Key).TryRun();

    private int WriteEpoch(EpochRows epoch)
    {
        var code = insertEpoch.Bind(1, epoch.Epoch).Bind(2, epoch.LastTurn).Bind(3, epoch.Head).Bind(4, epoch.Root).TryRun();
        for (var i = 0; i < epoch.Accounts.Count && code == raw.SQLITE_OK; i++)
        {
            var row = epoch.Accounts[i];
            code = insertAccount.Bind(1, epoch.Epoch).Bind(2, row.Account).Bind(3, row.Cumulative).Bind(4, row.Held).TryRun();
        }
        return code;
    }

    /// <summary>
    /// The turns after the snapshot. The chain is followed from the first turn on, so that no gateway goes on with, and appends to, a
    /// history that was damaged before its snapshot: a hash for each record, some seconds for ten million.
    /// </summary>
    private List<Turn> ReadTurns(long snapshotTurn)
    {
        var check = new ChainCheck(database.Path);
        var turns = new List<Turn>();
        using var select = TurnRows.Select(database);
        select.Bind(1, 0).Bind(2, long.MaxValue);
        long last = 0;
        while (select.Step())
        {
            var turn = TurnRows.Read(select);
            check.Next(turn);
            last = turn.Seq;
            lastUtcMs = Math.Max(lastUtcMs, turn.UtcMs);
            if (last > snapshotTurn)
                turns.Add(turn);
        }
        return last >= snapshotTurn ? turns : throw database.Corrupt($"the row of turn {snapshotTurn}, the snapshot's, is missing");
    }

    private void WriteRestOfSnapshot()
    {
        // Only a convenience for the next start: without it the turns since the last whole snapshot are replayed.
        var code = database.TryExecute("BEGIN IMMEDIATE");
        while (code == raw.SQLITE_OK && snapshots.Pending)
        {
            code = snapshots.WriteSome();
            snapshots.Committed();
        }
        if (code == raw.SQLITE_OK)
            code = database.TryExecute("COMMIT");
        if (code != raw.SQLITE_OK && !database.AutoCommit)
            database.TryExecute("ROLLBACK");
    }
}
