using System.Security.Cryptography;
using System.Text;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Work;

/// <summary>The site's ECDSA P-256 key: made at the first start, kept in the data folder readable by its owner only, signs epoch heads.</summary>
public sealed class SiteKey : IDisposable
{
    private readonly ECDsa key;
    private readonly Lock gate = new();

    private SiteKey(ECDsa key)
    {
        this.key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SubjectPublicKeyInfo, as records and statements carry it.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Reads the folder's key or makes one. Throws <see cref="HostException"/> when the file is no such key.</summary>
    public static SiteKey Open(DataFolder folder)
    {
        var path = folder.SiteKeyFile;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (File.Exists(path))
                key.ImportFromPem(File.ReadAllText(path));
            else
                DataFolder.WriteSecret(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            if (key.KeySize == 256)
                return new SiteKey(key);
            throw new CryptographicException($"it has {key.KeySize} bits, not 256");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new HostException(
                $"the site's key {path} cannot be used: {failure.Message}",
                "restore it from a backup; without it later epochs are signed by another key", ExitCodes.BadData, failure);
        }
    }

    /// <summary>Signs a 32-byte head, which is the hash itself: r and s, 64 bytes. Any thread.</summary>
    public byte[] Sign(ReadOnlySpan<byte> head)
    {
        lock (gate)
            return key.SignHash(head.ToArray(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public void Dispose() => key.Dispose();
}
