// Where a board gets its nonces from.
namespace DePinEdge.Agent.Ports;

/// <summary>Random bytes: hardware on boards, the system's generator elsewhere, a seeded one in simulations.</summary>
public interface IEntropy
{
    /// <summary>Overwrites buffer[offset .. offset + count).</summary>
    void Fill(byte[] buffer, int offset, int count);
}
