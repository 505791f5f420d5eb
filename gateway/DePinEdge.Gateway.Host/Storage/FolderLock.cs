using System.Globalization;
using System.Text.Json;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Exclusive use of a data folder: two gateways on one ledger would fork its chain. The operating system drops the lock with the
/// process, however it ends, so nothing is left behind to clean up.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock. Throws <see cref="StoreException"/> (Unusable) that names the folder and, when known, the other process.</summary>
    public static FolderLock Take(DataFolder folder)
    {
        try
        {
            return new FolderLock(new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var holder = Holder(folder);
            throw new StoreException(
                StoreFailure.Unusable,
                failure is UnauthorizedAccessException
                    ? $"the data folder {folder.Path} may not be written: {failure.Message}"
                    : $"the data folder {folder.Path} is in use by another gateway{(holder is null ? "" : $" (process {holder})")}",
                failure);
        }
    }

    /// <summary>Process id in the endpoint file, or null: informative only, the lock itself decides.</summary>
    private static string? Holder(DataFolder folder)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(folder.EndpointFile));
            return document.RootElement.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
