// A board's key record in a file, for boards that must be the same boards in the next run.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulator.Hardware;

/// <summary>
/// One small file. Saved beside the old one, synced, then renamed over it: after a loss of power there is the old record or the new
/// one. Readable by its owner only where the system knows such rights.
/// </summary>
public sealed class FileKeyStore(string path) : IKeyStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file.</summary>
    public string FilePath { get; } = Path.GetFullPath(path);

    /// <summary>Why the last <see cref="Load"/> or <see cref="Save"/> answered false; empty when it did not, or nothing was saved yet.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>True when there is a file to load.</summary>
    public bool Exists => File.Exists(FilePath);

    /// <inheritdoc/>
    public bool Load(byte[] record)
    {
        LastError = "";
        try
        {
            if (!Exists)
                return false;
            var bytes = File.ReadAllBytes(FilePath);
            if (bytes.Length != record.Length)
            {
                LastError = $"{FilePath} has {bytes.Length} bytes where a key record has {record.Length}";
                return false;
            }

            bytes.CopyTo(record, 0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LastError = e.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Save(byte[] record)
    {
        LastError = "";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            var beside = FilePath + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(beside, options))
            {
                file.Write(record);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, FilePath, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LastError = e.Message;
            return false;
        }
    }

    /// <summary>Removes the file, as erasing the flash does. Throws IOException or UnauthorizedAccessException when it cannot.</summary>
    public void Erase()
    {
        if (Exists)
            File.Delete(FilePath);
    }
}
