// The adapter to the platform's HMAC-SHA256; one of the few places that may ask for which platform they are compiled.
using System;
using System.Security.Cryptography;

namespace DePinEdge.Agent.Ports;

/// <summary>HMAC-SHA256 by the platform: on .NET without allocation, on nanoFramework by its native routine, which takes and returns whole arrays.</summary>
public sealed class HmacSha256 : IHmac
{
    /// <inheritdoc/>
    public void Compute(byte[] key, byte[] data, int offset, int count, byte[] mac32)
    {
#if NET
        HMACSHA256.HashData(key, data.AsSpan(offset, count), mac32);
#else
        byte[] exact = data;
        if (offset != 0 || count != data.Length)
        {
            exact = new byte[count];
            Array.Copy(data, offset, exact, 0, count);
        }
        Array.Copy(HMACSHA256.HashData(key, exact), 0, mac32, 0, 32);
#endif
    }
}
