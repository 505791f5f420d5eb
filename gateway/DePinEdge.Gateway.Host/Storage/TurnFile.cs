using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// A ledger database opened for reading only, also while a gateway runs on it: what `ledger verify` and `ledger export` work from.
/// Turns are read in short transactions, because a long reader would let the gateway's write-ahead log grow without bound.
/// </summary>
public sealed class TurnFile : IDisposable
{
    /// <summary>Turns read in one transaction.</summary>
    private const int TurnsPerRead = 1_000;

    private readonly SqliteDatabase database;

    private TurnFile(SqliteDatabase database, long lastSeq)
    {
        this.database = database;
        LastSeq = lastSeq;
    }

    /// <summary>The last turn when the file was opened; later ones are not read.</summary>
    public long LastSeq { get; }

    /// <summary>The database file.</summary>
    public string Path => database.Path;

    /// <summary>Opens it. Throws <see cref="StoreException"/>: Unusable (absent, newer, not ours) or Corrupt.</summary>
    public static TurnFile Open(DataFolder folder)
    {
        if (!File.Exists(folder.Database))
            throw new StoreException(StoreFailure.Unusable, $"there is no ledger in {folder.Path} ({folder.Database} does not exist)");
        var database = SqliteDatabase.Open(folder.Database, readOnly: true);
        try
        {
            SchemaMigrations.Check(database);
            return new TurnFile(database, database.Number("SELECT max(seq) FROM turn"));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Every turn from the first, as stored: whoever reads them checks them.</summary>
    public IEnumerable<Turn> ReadAll()
    {
        using var select = TurnRows.Select(database);
        for (long after = 0; after < LastSeq; after += TurnsPerRead)
        {
            var some = new List<Turn>();
            select.Bind(1, after).Bind(2, Math.Min(after + TurnsPerRead, LastSeq));
            while (select.Step())
                some.Add(TurnRows.Read(select));
            select.Reset();
            foreach (var turn in some)
                yield return turn;
        }
    }

    public void Dispose() => database.Dispose();
}
