using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>The store against a real SQLite file: what is written is read, what is damaged is named, what is full is kept.</summary>
public sealed class SqliteTurnStoreTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void What_is_committed_is_there_after_reopening()
    {
        var turns = new TestTurns();
        var first = turns.Next(2, [new("program/aa", [1, 2, 3]), new("secret/draw", [9]), new("result/j1", [4])]);
        var second = turns.Next(1, [new("secret/draw", null), new("program/aa", [7]), new("input/j1", [])]);
        using (var store = Open())
        {
            store.Load();
            store.Commit(first);
            store.Commit(second);
            Assert.Equal([4], store.ReadBlob("result/j1"));
        }

        using var again = Open();
        var state = again.Load();
        Assert.Null(state.Snapshot);
        Assert.Equal(0, state.SnapshotTurn);
        var read = state.Turns.ToList();
        Assert.Equal(2, read.Count);
        AssertSame(first, read[0]);
        AssertSame(second, read[1]);
        Assert.Equal(["input/j1", "program/aa"], state.Blobs.Select(b => b.Key));
        Assert.Equal([7], state.Blobs[1].Bytes!);
        Assert.Equal([4], again.ReadBlob("result/j1"));
        Assert.Null(again.ReadBlob("result/j2"));
        Assert.Null(again.ReadBlob("secret/draw"));
    }

    [Fact]
    public void A_snapshot_shortens_what_is_replayed()
    {
        var turns = new TestTurns();
        using (var store = Open())
        {
            store.Load();
            store.Commit(turns.Next());
            store.Commit(turns.Next(snapshot: [1, 2, 3]));
            store.Commit(turns.Next());
        }

        using var again = Open();
        var state = again.Load();
        Assert.Equal([1, 2, 3], state.Snapshot!);
        Assert.Equal(2, state.SnapshotTurn);
        Assert.Equal(3, Assert.Single(state.Turns).Seq);
    }

    [Fact]
    public void A_large_snapshot_is_spread_over_commits_and_counts_only_when_whole()
    {
        // 9 parts: 4 with its own turn, 4 with the next, 1 with the third.
        var large = new byte[SnapshotTable.PartBytes * 2 * SnapshotTable.PartsPerCommit + 1];
        new Random(1).NextBytes(large);
        var turns = new TestTurns();
        using var store = Open();
        store.Load();
        store.Commit(turns.Next(snapshot: large));
        store.Commit(turns.Next());
        using (var crash = Copy("crash-1"))
            Assert.Equal(0, crash.Load().SnapshotTurn);
        store.Commit(turns.Next());
        using (var crash = Copy("crash-2"))
        {
            var state = crash.Load();
            Assert.Equal(1, state.SnapshotTurn);
            Assert.Equal(large, state.Snapshot!);
            Assert.Equal(2, state.Turns.Count());
        }
    }

    [Fact]
    public void Closing_the_store_makes_a_pending_snapshot_whole()
    {
        var large = new byte[SnapshotTable.PartBytes * 3 * SnapshotTable.PartsPerCommit];
        using (var store = Open())
        {
            store.Load();
            store.Commit(new TestTurns().Next(snapshot: large));
        }

        using var again = Open();
        Assert.Equal(1, again.Load().SnapshotTurn);
    }

    [Fact]
    public void A_damaged_snapshot_is_passed_over_for_the_one_before_it()
    {
        var turns = new TestTurns();
        using (var store = Open())
        {
            store.Load();
            store.Commit(turns.Next(snapshot: [1]));
            store.Commit(turns.Next(snapshot: [2]));
        }
        Edit("UPDATE snapshot SET body = x'03' WHERE turn = 2");

        using var again = Open();
        var state = again.Load();
        Assert.Equal([1], state.Snapshot!);
        Assert.Equal(1, state.SnapshotTurn);
        Assert.Equal(2, Assert.Single(state.Turns).Seq);
        Assert.Contains("snapshot after turn 2", Assert.Single(again.Repairs), StringComparison.Ordinal);
    }

    [Fact]
    public void Sealed_epochs_leave_rows_for_queries()
    {
        using (var store = Open())
        {
            store.Load();
            store.Commit(new TestTurns().Next(epoch: new EpochRows(1, 1, new byte[32], new byte[32], [new("dev:a", 5, 2), new("dev:b", 7, 0)])));
        }

        using var database = SqliteDatabase.Open(temp.At("ledger.db"), readOnly: true);
        Assert.Equal(12, database.Number("SELECT sum(cumulative) FROM account_epoch WHERE epoch = 1"));
        Assert.Equal(1, database.Number("SELECT last_turn FROM epoch WHERE epoch = 1"));
    }

    [Fact]
    public void Files_taken_at_the_moment_of_a_kill_hold_every_committed_turn()
    {
        var turns = new TestTurns();
        using var store = Open();
        store.Load();
        for (var i = 1; i <= 20; i++)
        {
            store.Commit(turns.Next());
            using var crash = Copy($"crash-{i}");
            var state = crash.Load().Turns.ToList();
            Assert.Equal(i, state.Count);
            Assert.Equal(turns.Head, state[^1].Head);
        }
    }

    [Fact]
    public void A_truncated_log_gives_a_shorter_but_consistent_history()
    {
        var turns = new TestTurns();
        using var store = Open();
        store.Load();
        for (var i = 0; i < 20; i++)
            store.Commit(turns.Next());
        var wal = new FileInfo(temp.At("ledger.db-wal")).Length;
        var lengths = new List<int>();
        for (var cut = 1; cut < 10; cut++)
        {
            using var crash = Copy($"cut-{cut}", walBytes: wal * cut / 10);
            var state = crash.Load().Turns.ToList();
            Assert.True(state.Count < 20);
            lengths.Add(state.Count);
        }
        Assert.Equal(lengths.Order(), lengths);
        Assert.True(lengths[^1] > 0);
    }

    [Fact]
    public void Every_flipped_byte_of_a_turn_row_is_found()
    {
        var turns = new TestTurns();
        Turn third;
        using (var store = Open())
        {
            store.Load();
            store.Commit(turns.Next());
            store.Commit(turns.Next());
            store.Commit(third = turns.Next());
            // A snapshot after it does not make the damage harmless: the history would go on from a broken chain.
            store.Commit(turns.Next(snapshot: [1, 2, 3]));
        }
        for (var at = 0; at < third.Body.Length; at++)
        {
            var damaged = (byte[])third.Body.Clone();
            damaged[at] ^= 0x10;
            Edit($"UPDATE turn SET body = x'{Convert.ToHexString(damaged)}' WHERE seq = 3");
            using var again = Open();
            var failure = Assert.Throws<StoreException>(again.Load);
            Assert.Equal(StoreFailure.Corrupt, failure.Kind);
            Assert.Contains("turn 3", failure.Message, StringComparison.Ordinal);
            Assert.Contains("ledger.db", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("DELETE FROM turn WHERE seq = 2", "turn 2 is missing")]
    [InlineData("UPDATE turn SET first_record = 5 WHERE seq = 2", "starts with record 5, 4 is due")]
    [InlineData("UPDATE turn SET n = 4 WHERE seq = 2", "3 records, 4 are announced")]
    [InlineData("UPDATE turn SET head = zeroblob(32) WHERE seq = 3", "turn 3: its records do not give its head")]
    [InlineData("UPDATE blob SET bytes = x'02' WHERE key = 'secret/a'", "blob secret/a does not fit")]
    public void A_contradiction_is_named(string damage, string message)
    {
        var turns = new TestTurns();
        using (var store = Open())
        {
            store.Load();
            store.Commit(turns.Next(blobs: [new("secret/a", [1])]));
            store.Commit(turns.Next());
            store.Commit(turns.Next());
        }
        Edit(damage);

        using var again = Open();
        var failure = Assert.Throws<StoreException>(again.Load);
        Assert.Equal(StoreFailure.Corrupt, failure.Kind);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        File.WriteAllBytes(temp.At("ledger.db"), "this is no database, whatever its name says, and long enough to be a header of one, at least 100 bytes long"u8);
        var failure = Assert.Throws<StoreException>(Open);
        Assert.Equal(StoreFailure.Corrupt, failure.Kind);
        Assert.Contains(temp.At("ledger.db"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_page_is_refused_by_name()
    {
        var turns = new TestTurns();
        using (var store = Open())
        {
            store.Load();
            for (var i = 0; i < 200; i++)
                store.Commit(turns.Next(20));
        }
        using (var file = File.OpenWrite(temp.At("ledger.db")))
        {
            // Every page but the first ones, which hold the schema.
            file.Position = 10 * 4096;
            while (file.Position < file.Length)
            {
                file.Write(new byte[64]);
                file.Position += 4096 - 64;
            }
        }
        var failure = Assert.Throws<StoreException>(() =>
        {
            using var again = Open();
            again.Load();
        });
        Assert.Equal(StoreFailure.Corrupt, failure.Kind);
        Assert.Contains("ledger.db", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        Open().Dispose();
        Edit("PRAGMA user_version = 2");
        var failure = Assert.Throws<StoreException>(Open);
        Assert.Equal(StoreFailure.Unusable, failure.Kind);
        Assert.Contains("newer depin", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        File.WriteAllBytes(temp.At("ledger.db"), []);
        Edit("CREATE TABLE other(a)");
        var failure = Assert.Throws<StoreException>(Open);
        Assert.Equal(StoreFailure.Unusable, failure.Kind);
        Assert.Contains("another program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_gateway_on_the_folder_is_refused_until_the_first_is_gone()
    {
        using (Open())
        {
            File.WriteAllText(temp.At("gateway.json"), """{"pid":4711}""");
            var failure = Assert.Throws<StoreException>(Open);
            Assert.Equal(StoreFailure.Unusable, failure.Kind);
            Assert.Contains(temp.Path, failure.Message, StringComparison.Ordinal);
            Assert.Contains("4711", failure.Message, StringComparison.Ordinal);
        }
        Open().Dispose();
    }

    [Fact]
    public void The_ledger_can_be_read_while_a_gateway_writes_it()
    {
        var turns = new TestTurns();
        using var store = Open();
        store.Load();
        store.Commit(turns.Next());
        using var file = TurnFile.Open(DataFolder.At(temp.Path));
        store.Commit(turns.Next());
        Assert.Equal(1, Assert.Single(file.ReadAll()).Seq);
        using var later = TurnFile.Open(DataFolder.At(temp.Path));
        Assert.Equal([1L, 2L], later.ReadAll().Select(t => t.Seq));
    }

    [Fact]
    public void The_database_is_private_to_its_owner()
    {
        if (OperatingSystem.IsWindows())
            return; // Windows takes the rights of the profile folder; there is no mode to read.
        var folder = DataFolder.Open(temp.At("made"));
        using var store = SqliteTurnStore.Open(folder, new Ballast(folder.BallastFile, 0));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Database));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Database + "-wal"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
    }

    [Fact]
    public void A_full_disk_loses_nothing_and_frees_the_ballast()
    {
        var turns = new TestTurns();
        var folder = DataFolder.Open(temp.Path);
        var ballast = new Ballast(folder.BallastFile, 1 << 20);
        var stored = 0;
        using (var store = SqliteTurnStore.Open(folder, ballast))
        {
            store.Load();
            Assert.True(ballast.InPlace);
            Assert.Equal(1 << 20, new FileInfo(folder.BallastFile).Length);
            store.LimitPages(40);
            Turn turn;
            StoreException? failure;
            do
            {
                turn = turns.Next(100);
                failure = Record.Exception(() => store.Commit(turn)) as StoreException;
                stored++;
            }
            while (failure is null);

            Assert.Equal(StoreFailure.Full, failure.Kind);
            Assert.Contains("ledger.db", failure.Message, StringComparison.Ordinal);
            Assert.False(ballast.InPlace);
            Assert.False(File.Exists(folder.BallastFile));
            Assert.Equal(StoreFailure.Full, Assert.Throws<StoreException>(() => store.Commit(turn)).Kind);

            store.LimitPages(10_000);
            store.Commit(turn);
            store.Commit(turns.Next());
            Assert.True(ballast.TryTake());
        }

        using var again = Open();
        Assert.Equal(stored + 1, again.Load().Turns.Count());
    }

    [Fact]
    public void A_snapshot_that_met_a_full_disk_comes_whole_with_its_turn()
    {
        var turns = new TestTurns();
        var large = new byte[SnapshotTable.PartBytes * 3];
        new Random(2).NextBytes(large);
        using (var store = Open())
        {
            store.Load();
            store.Commit(turns.Next(snapshot: [1]));
            store.LimitPages(40);
            var turn = turns.Next(snapshot: large);
            Assert.Equal(StoreFailure.Full, Assert.Throws<StoreException>(() => store.Commit(turn)).Kind);
            store.LimitPages(10_000);
            store.Commit(turn);
        }

        using var again = Open();
        Assert.Equal(large, again.Load().Snapshot!);
    }

    [Fact]
    public void A_failed_commit_of_any_other_kind_is_unknown()
    {
        var turns = new TestTurns();
        using var store = Open();
        store.Load();
        store.Commit(turns.Next());
        using (var database = SqliteDatabase.Open(temp.At("ledger.db"), readOnly: false))
            database.Execute("DROP TABLE turn");
        Assert.Equal(StoreFailure.Unknown, Assert.Throws<StoreException>(() => store.Commit(turns.Next())).Kind);
    }

    private SqliteTurnStore Open()
    {
        var folder = DataFolder.Open(temp.Path);
        return SqliteTurnStore.Open(folder, new Ballast(folder.BallastFile, 0));
    }

    /// <summary>The files as a kill would leave them: copied while the store is open.</summary>
    private SqliteTurnStore Copy(string name, long? walBytes = null)
    {
        var folder = DataFolder.Open(temp.At(name));
        File.Copy(temp.At("ledger.db"), folder.Database);
        File.Copy(temp.At("ledger.db-wal"), folder.Database + "-wal");
        if (walBytes is { } bytes)
            using (var wal = File.OpenWrite(folder.Database + "-wal"))
                wal.SetLength(bytes);
        return SqliteTurnStore.Open(folder, new Ballast(folder.BallastFile, 0));
    }

    private void Edit(string sql)
    {
        using var database = SqliteDatabase.Open(temp.At("ledger.db"), readOnly: false);
        database.Execute(sql);
    }

    private static void AssertSame(Turn expected, Turn actual)
    {
        Assert.Equal((expected.Seq, expected.FirstRecord, expected.RecordCount, expected.UtcMs), (actual.Seq, actual.FirstRecord, actual.RecordCount, actual.UtcMs));
        Assert.Equal(expected.Head, actual.Head);
        Assert.Equal(expected.Body, actual.Body);
    }
}
