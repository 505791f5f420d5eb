using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// The folder of one gateway: what stands where, with which rights. The folder is made with mode 0700 and every file in it that holds
/// a secret with 0600; on Windows the folder inherits the rights of the user's profile.
/// </summary>
public sealed class DataFolder
{
    private DataFolder(string path) => Path = path;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The ledger's database (with -wal and -shm beside it).</summary>
    public string Database => File("ledger.db");

    /// <summary>Held exclusively by the gateway that runs on this folder.</summary>
    public string LockFile => File("gateway.lock");

    /// <summary>Process id and ports of the running gateway, JSON; for the command line.</summary>
    public string EndpointFile => File("gateway.json");

    /// <summary>Space held back for a full disk.</summary>
    public string BallastFile => File("ballast");

    /// <summary>The API's bearer token.</summary>
    public string TokenFile => File("token");

    /// <summary>The site's signing key, PKCS #8 PEM.</summary>
    public string SiteKeyFile => File("site.key");

    /// <summary>The folder used when none is named: the user's own application data.</summary>
    public static string Default { get; } = System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home
            ? home
            : System.IO.Path.GetTempPath(),
        "depin");

    /// <summary>Names a folder without touching it.</summary>
    public static DataFolder At(string path) => new(System.IO.Path.GetFullPath(path));

    /// <summary>Makes the folder when it is absent. Throws <see cref="StoreException"/> (Unusable).</summary>
    public static DataFolder Open(string path)
    {
        var folder = At(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder.Path);
            else
                Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.Unusable, $"the data folder {folder.Path} cannot be made: {failure.Message}", failure);
        }
    }

    /// <summary>Bytes of the database and its log; 0 when they are gone.</summary>
    public long DatabaseBytes => Length(Database) + Length(Database + "-wal");

    /// <summary>
    /// Why nothing can be written here, or null. The database itself is not opened: closing a second handle on it would take away the
    /// locks that SQLite holds.
    /// </summary>
    public string? WriteProblem()
    {
        var database = new FileInfo(Database);
        if (!database.Exists)
            return $"the database {Database} is gone";
        if (database.IsReadOnly)
            return $"the database {Database} may not be written";
        try
        {
            var probe = File("probe");
            System.IO.File.WriteAllBytes(probe, [1]);
            System.IO.File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"the data folder {Path} cannot be written: {failure.Message}";
        }
    }

    /// <summary>Writes a file that only its owner may read; whole or not at all (a temporary file is renamed over it).</summary>
    public static void WriteSecret(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
        using (var file = Create(temporary))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        System.IO.File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes an empty private file, or empties the one that is there.</summary>
    public static FileStream Create(string path, FileMode mode = FileMode.Create)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
