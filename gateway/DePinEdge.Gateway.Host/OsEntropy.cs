using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host;

/// <summary>The operating system's generator.</summary>
public sealed class OsEntropy : IEntropySource
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
