using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>Rows of the table `turn` as turns, in the order of their numbers.</summary>
internal static class TurnRows
{
    /// <summary>Prepared for turns after ?1 up to and including ?2.</summary>
    public static SqliteStatement Select(SqliteDatabase database) =>
        database.Prepare("SELECT seq, first_record, n, ts, head, body FROM turn WHERE seq > ?1 AND seq <= ?2 ORDER BY seq");

    /// <summary>The row the statement stands on. Blobs, snapshot and epoch rows are not part of it.</summary>
    public static Turn Read(SqliteStatement row) => new(
        row.Int64(0), row.Int64(1), (int)row.Int64(2), row.Int64(3), row.Blob(4).ToArray(), row.Blob(5).ToArray(), [], null, null);
}
