using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>The last lines of every device's receipts, for its owner's page: what was credited or refused and why. The whole history is
/// in the ledger; this is a window on its end and starts empty.</summary>
public sealed class ReceiptLog
{
    /// <summary>Lines kept for each device.</summary>
    public const int LinesPerDevice = 64;

    private readonly Dictionary<string, Queue<ReceiptView>> lines = new(StringComparer.Ordinal);

    public void Add(string device, ReceiptView line)
    {
        if (!lines.TryGetValue(device, out var queue))
            lines[device] = queue = new Queue<ReceiptView>();
        queue.Enqueue(line);
        if (queue.Count > LinesPerDevice)
            queue.Dequeue();
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ReceiptView> Of(string device) => lines.TryGetValue(device, out var queue) ? [.. queue.Reverse()] : [];
}
