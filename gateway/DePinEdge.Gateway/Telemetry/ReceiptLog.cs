using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>The last lines of every device's receipts, for its owner's page: what was credited or refused and why. The whole history is
/// in the ledger; this is a window on its end and starts empty.</summary>
public sealed class ReceiptLog
{
    /// <summary>Lines kept for each device while there are few; a fleet keeps fewer of each.</summary>
    public const int LinesPerDevice = 64;

    // About 250 bytes a line.
    private const int LinesAll = 262_144, LinesLeast = 4;

    private readonly Dictionary<string, Queue<ReceiptView>> lines = new(StringComparer.Ordinal);

    public void Add(string device, ReceiptView line)
    {
        if (!lines.TryGetValue(device, out var queue))
            lines[device] = queue = new Queue<ReceiptView>();
        queue.Enqueue(line);
        var most = Math.Clamp(LinesAll / lines.Count, LinesLeast, LinesPerDevice);
        while (queue.Count > most)
            queue.Dequeue();
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ReceiptView> Of(string device) => lines.TryGetValue(device, out var queue) ? [.. queue.Reverse()] : [];
}
