using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>The plain twin of the program headers: .NET's SHA-256 and numbers of any size.</summary>
internal static class BitcoinHeader
{
    public const int Bytes = 80;

    /// <summary>The committed headers in the order of the file.</summary>
    public static byte[][] All { get; } = [.. File.ReadAllBytes(SampleProgram.File("headers", "headers.bin")).Chunk(Bytes)];

    public static byte[] Hash(ReadOnlySpan<byte> header) => SHA256.HashData(SHA256.HashData(header));

    /// <summary>A hash as people write it: highest digit first.</summary>
    public static string HashHex(ReadOnlySpan<byte> header)
    {
        var hash = Hash(header);
        Array.Reverse(hash);
        return Convert.ToHexStringLower(hash);
    }

    public static byte[] Previous(byte[] header) => header[4..36];

    public static uint Compact(byte[] header) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(72));

    /// <summary>The number that a compact target means; null for one that is negative, zero or over 256 bits.</summary>
    public static BigInteger? Target(uint compact)
    {
        var (exponent, mantissa) = ((int)(compact >> 24), new BigInteger(compact & 0x7fffff));
        var target = exponent >= 3 ? mantissa << (8 * (exponent - 3)) : mantissa >> (8 * (3 - exponent));
        return target.IsZero || (compact & 0x800000) != 0 || target >= BigInteger.One << 256 ? null : target;
    }

    public static bool IsValid(byte[] header, int zeroBits) =>
        Target(Compact(header)) is { } target && target < BigInteger.One << (256 - zeroBits) && new BigInteger(Hash(header), isUnsigned: true) <= target;
}
