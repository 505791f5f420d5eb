using DePinEdge.Mqtt;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>Damaged and misplaced MQTT packets, a few on each connection, before and after a CONNECT that is in order.</summary>
internal static class PacketAttack
{
    private const byte PingResp = 0xD0;

    /// <summary>A damaged length makes the broker wait for more: nothing will come, and nobody need wait long to see that.</summary>
    private const int PatienceMs = 40;

    public static async Task RunAsync(Attack attack, PacketCorpus corpus, int port, int seed, CancellationToken cancel)
    {
        var mutator = new Mutator(seed);
        for (var number = 0; attack.More; number++)
        {
            using var link = await RawLink.OpenAsync(port, cancel);
            attack.CountConnection();
            var version = mutator.Next(2) == 0 ? ProtocolVersion.V311 : ProtocolVersion.V5;
            var alive = mutator.Next(4) == 0 || await link.SendAsync(PacketCorpus.Connect(version, $"hostile-{seed}-{number}"), cancel);
            for (var packets = 1 + mutator.Next(6); alive && packets > 0 && attack.Take(); packets--)
            {
                var bytes = mutator.Next(20) switch
                {
                    0 => mutator.Noise(1 + mutator.Next(300)),
                    1 or 2 or 3 => corpus.Any(version, mutator), // in order, at the wrong time
                    _ => mutator.Damage(corpus.Any(version, mutator)),
                };
                alive = await link.SendAsync(bytes, cancel);
                attack.CountSent();
            }
            if (!alive || !await link.SendAsync([0xC0, 0], cancel) || await link.ClosedAsync(PingResp, PatienceMs, cancel))
                attack.CountClosed();
        }
    }
}
