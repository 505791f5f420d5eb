using System.Globalization;
using System.Reflection;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Brings a database to the shape this program knows: the embedded files Schema/NNN_name.sql in order, each in its own transaction with
/// the version it gives (PRAGMA user_version). A newer file is refused, never guessed at.
/// </summary>
internal static class SchemaMigrations
{
    /// <summary>"DPIN": tells our files from other SQLite databases (PRAGMA application_id).</summary>
    public const int ApplicationId = 0x4450_494E;

    private const string Prefix = "Schema.";

    /// <summary>The embedded steps by the version each gives.</summary>
    private static readonly SortedList<int, string> Steps = ReadSteps();

    /// <summary>The version this program writes.</summary>
    public static int Newest => Steps.Keys[^1];

    /// <summary>Refuses what is not ours or is newer. Throws <see cref="StoreException"/>.</summary>
    public static int Check(SqliteDatabase database)
    {
        var version = (int)database.Number("PRAGMA user_version");
        var application = database.Number("PRAGMA application_id");
        if (version == 0 && application == 0 && database.Number("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (application != ApplicationId)
            throw new StoreException(StoreFailure.Unusable, $"{database.Path} is a database of another program (application id {application})");
        if (version > Newest)
            throw new StoreException(
                StoreFailure.Unusable, $"{database.Path} has schema {version}, written by a newer depin; this program knows {Newest}");
        return version;
    }

    /// <summary>Applies what is missing.</summary>
    public static void Apply(SqliteDatabase database)
    {
        var version = Check(database);
        foreach (var (step, sql) in Steps)
            if (step > version)
                database.Execute(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"BEGIN IMMEDIATE; PRAGMA application_id={ApplicationId}; {sql}; PRAGMA user_version={step}; COMMIT"),
                    $"brought to schema {step}");
    }

    private static SortedList<int, string> ReadSteps()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var steps = new SortedList<int, string>();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            steps.Add(int.Parse(name.AsSpan(Prefix.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
        Invariant.Require(steps.Count > 0 && steps.Keys[^1] == steps.Count, "the embedded schema steps are numbered 1, 2, 3, ...");
        return steps;
    }
}
