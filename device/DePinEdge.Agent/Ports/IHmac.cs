// The one cryptographic primitive that the protocol needs.
namespace DePinEdge.Agent.Ports;

/// <summary>HMAC-SHA256: native on boards, the framework's elsewhere.</summary>
public interface IHmac
{
    /// <summary>Computes the 32-byte mac of data[offset .. offset + count) into <paramref name="mac32"/> (at least 32 bytes, which may not
    /// be part of the data). Keeps no reference to any argument.</summary>
    void Compute(byte[] key, byte[] data, int offset, int count, byte[] mac32);
}
