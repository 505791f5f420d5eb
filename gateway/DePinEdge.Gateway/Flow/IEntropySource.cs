namespace DePinEdge.Gateway.Flow;

/// <summary>Where nonces, codes and secrets come from: the operating system's generator in production, a seed in the simulator.</summary>
public interface IEntropySource
{
    /// <summary>Fills the span with unpredictable bytes.</summary>
    void Fill(Span<byte> bytes);
}
