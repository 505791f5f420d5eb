using System.Security.Cryptography;

namespace DePinEdge.Gateway.Ledger;

/// <summary>Checks the site's signature over an epoch head.</summary>
public static class EpochSignature
{
    /// <summary>
    /// What every SubjectPublicKeyInfo of an uncompressed P-256 point begins with (RFC 5480): the two object ids and the bit string's
    /// header, up to and with the 0x04 before x and y. Comparing it keeps other curves and other spellings out on every platform alike.
    /// </summary>
    private static ReadOnlySpan<byte> KeyPrefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>
    /// True when <paramref name="signature"/> (r and s, 64 bytes) is a good ECDSA P-256 signature over <paramref name="head"/>, whose
    /// 32 bytes are the hash itself, by <paramref name="publicKey"/> (SubjectPublicKeyInfo, 91 bytes). False for any malformed
    /// argument. About 0.1 ms.
    /// </summary>
    public static bool IsGood(byte[] publicKey, byte[] head, byte[] signature)
    {
        if (head.Length != 32 || signature.Length != 64 || publicKey.Length != 91 || !publicKey.AsSpan().StartsWith(KeyPrefix))
            return false;
        var point = new ECPoint { X = publicKey[27..59], Y = publicKey[59..] };
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            return key.VerifyHash(head, signature);
        }
        catch (CryptographicException)
        {
            return false; // not a point of the curve
        }
    }
}
