namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Space held back on the data folder's disk. A full disk must not stop the turn that is under way: giving this file up makes room
/// for at least twice the largest write-ahead log, while nothing new is dispatched. Dispatching may start again once the space could
/// be taken back, which is the proof that the disk has room.
/// </summary>
public sealed class Ballast(string path, long bytes)
{
    /// <summary>True while the space is held, or when none was asked for.</summary>
    public bool InPlace { get; private set; } = bytes == 0;

    /// <summary>Bytes to hold.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Takes the space (again). False when the disk has no room for it; nothing is left behind then.</summary>
    public bool TryTake()
    {
        if (Bytes == 0 || (File.Exists(path) && new FileInfo(path).Length == Bytes))
            return InPlace = true;
        try
        {
            // Preallocation reserves blocks; a sparse file would promise space that is not there.
            using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, Bytes);
            if (RandomAccess.GetLength(handle) < Bytes)
                RandomAccess.SetLength(handle, Bytes);
            return InPlace = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Free();
            return false;
        }
    }

    /// <summary>Gives the space up. True when there was any to give.</summary>
    public bool Free()
    {
        if (Bytes == 0)
            return false;
        InPlace = false;
        try
        {
            var there = File.Exists(path);
            File.Delete(path);
            return there;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
