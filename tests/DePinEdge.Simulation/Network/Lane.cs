namespace DePinEdge.Simulation.Network;

/// <summary>One direction of a connection: what is put in comes out in order, later, perhaps in two pieces, perhaps not at all.</summary>
/// <param name="line">How fast and how well.</param>
/// <param name="deliver">Takes what comes out.</param>
public sealed class Lane(EventQueue time, Dice dice, Line line, Action<byte[]> deliver)
{
    private long lastMs;

    /// <summary>Nothing comes out before.</summary>
    public long StalledUntilMs { get; set; }

    /// <summary>True: what is on its way is lost, and what is put in.</summary>
    public bool Dead { get; set; }

    /// <summary>Bytes of a stream.</summary>
    public void Send(byte[] bytes, Action? arrived = null)
    {
        if (Dead)
            return;
        if (bytes.Length > 1 && dice.Permille(line.FragmentPermille))
        {
            var cut = (int)dice.Between(1, bytes.Length - 1);
            Put(() => deliver(bytes[..cut]));
            Put(() => Whole(bytes[cut..], arrived));
        }
        else
            Put(() => Whole(bytes, arrived));
    }

    /// <summary>Something that happens when all before it has come out: the end of a stream.</summary>
    public void Last(Action action) => Put(action);

    private void Whole(byte[] bytes, Action? arrived)
    {
        arrived?.Invoke();
        deliver(bytes);
    }

    private void Put(Action action)
    {
        var atMs = time.NowMs + line.LatencyMs + (line.JitterMs == 0 ? 0 : dice.Between(0, line.JitterMs));
        lastMs = Math.Max(Math.Max(lastMs, atMs), Math.Max(StalledUntilMs, line.BlockedUntilMs));
        time.At(lastMs, () =>
        {
            if (!Dead)
                action();
        });
    }
}
