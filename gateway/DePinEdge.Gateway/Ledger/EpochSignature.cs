using System.Security.Cryptography;

namespace DePinEdge.Gateway.Ledger;

/// <summary>Checks the site's signature over an epoch head.</summary>
public static class EpochSignature
{
    /// <summary>
    /// True when <paramref name="signature"/> (r and s, 64 bytes) is a good ECDSA P-256 signature over <paramref name="head"/>, whose
    /// 32 bytes are the hash itself, by <paramref name="publicKey"/> (SubjectPublicKeyInfo). False for any malformed argument. About 0.1 ms.
    /// </summary>
    public static bool IsGood(byte[] publicKey, byte[] head, byte[] signature)
    {
        if (head.Length != 32 || signature.Length != 64)
            return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length
                && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                && key.VerifyHash(head, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
