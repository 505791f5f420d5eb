using DePinEdge.Gateway;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>When turns are stored and when a gateway that met a full disk goes on, moment by moment.</summary>
public sealed class TurnWriterTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Turns_that_keep_coming_do_not_put_off_the_end_of_a_full_disk()
    {
        var folder = DataFolder.Open(temp.At("data"));
        var ballast = new Ballast(folder.BallastFile, 4_096);
        var full = true;
        using var store = new WatchedStore(SqliteTurnStore.Open(folder, ballast), _ =>
        {
            if (!full)
                return;
            full = false;
            ballast.Free();
            throw new StoreException(StoreFailure.Full, "the disk is full");
        });
        var core = new GatewayCore(new GatewayOptions(), new OsEntropy(), NullLoggerFactory.Instance);
        core.Recover(store.Load(), At(1));
        var writer = new TurnWriter(core, store, ballast, 0, TimeProvider.System, new LoopCounters(), NullLogger.Instance);

        Issue(1);
        Assert.True(writer.Stuck);
        Issue(2);
        Assert.False(writer.Stuck);
        Assert.True(core.Paused);
        Issue(500);
        Issue(1 + (int)TurnWriter.RetryMs);
        Assert.True(core.Paused);
        Issue(2 + (int)TurnWriter.RetryMs);
        Assert.False(core.Paused);
        Assert.True(ballast.InPlace);

        void Issue(int ms)
        {
            core.Issue("alice", 1, At(ms));
            writer.Write(At(ms));
        }
    }

    private static Instant At(int ms) => new(ms, 1_700_000_000_000 + ms);
}
