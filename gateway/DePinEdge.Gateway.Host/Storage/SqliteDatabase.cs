using DePinEdge.Gateway.Flow;
using SQLitePCL;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// One SQLite connection by its raw interface. Every failure becomes a <see cref="StoreException"/> here that names the file and what
/// was being done; nothing above Storage sees SQLite. A connection belongs to one thread at a time.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path)
    {
        this.handle = handle;
        Path = path;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Opens an existing file. The caller has made it when it may be new: SQLite would make it readable by others.</summary>
    public static SqliteDatabase Open(string path, bool readOnly)
    {
        var flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE) | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new SqliteDatabase(handle, path);
        if (code == raw.SQLITE_OK)
        {
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, 5_000);
            return database;
        }
        var failure = database.Failure(code, "opened", StoreFailure.Unusable);
        database.Dispose();
        throw failure;
    }

    /// <summary>True outside a transaction.</summary>
    public bool AutoCommit => raw.sqlite3_get_autocommit(handle) != 0;

    public SqliteStatement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v2(handle, sql, out var statement);
        return code == raw.SQLITE_OK ? new SqliteStatement(this, statement) : throw Failure(code, "read");
    }

    /// <summary>Runs one or more statements that return nothing of interest.</summary>
    public void Execute(string sql, string doing = "written")
    {
        var code = TryExecute(sql);
        if (code != raw.SQLITE_OK)
            throw Failure(code, doing);
    }

    /// <summary>The same, with SQLite's result code instead of an exception.</summary>
    public int TryExecute(string sql) => raw.sqlite3_exec(handle, sql);

    /// <summary>First column of the first row, as a number.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>First column of the first row, as text.</summary>
    public string Text(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Translates a result code. Anything but a full disk or damage is <paramref name="otherwise"/>.</summary>
    public StoreException Failure(int code, string doing, StoreFailure otherwise = StoreFailure.Unusable)
    {
        var kind = (code & 0xFF) switch
        {
            raw.SQLITE_FULL => StoreFailure.Full,
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreFailure.Corrupt,
            _ => otherwise,
        };
        var what = raw.sqlite3_errmsg(handle).utf8_to_string();
        return new StoreException(kind, $"{Path} cannot be {doing}: {what} (SQLite {code})");
    }

    /// <summary>A contradiction in what was read.</summary>
    public StoreException Corrupt(string what) => new(StoreFailure.Corrupt, $"{Path} is damaged: {what}");

    public void Dispose() => raw.sqlite3_close_v2(handle);
}
