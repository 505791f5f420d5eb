using System.Runtime.InteropServices;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Host.Crash;

/// <summary>Where a gateway dies.</summary>
internal enum CrashPlace
{
    /// <summary>Not at all.</summary>
    Never,

    /// <summary>The turn is durable and nobody was told.</summary>
    BetweenCommitAndPublish,

    /// <summary>The turn is durable and its outputs are with the sockets.</summary>
    AfterFlush,
}

/// <summary>Kills this process (SIGKILL: no handler runs, nothing is flushed) at its k-th commit.</summary>
internal sealed partial class CrashPoint(CrashPlace place, int commit)
{
    private int commits;

    public ITurnStore Decorate(ITurnStore store) => new CrashStore(store, this);

    public void AfterFlush()
    {
        if (place == CrashPlace.AfterFlush && commits >= commit)
            Die();
    }

    private void Committed()
    {
        commits++;
        if (place == CrashPlace.BetweenCommitAndPublish && commits == commit)
            Die();
    }

    private static void Die()
    {
        _ = Kill(Environment.ProcessId, 9);
        // The signal is on its way; nothing may happen until it arrives.
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private sealed class CrashStore(ITurnStore inner, CrashPoint point) : ITurnStore
    {
        public StoredState Load() => inner.Load();

        public void Commit(Turn turn)
        {
            inner.Commit(turn);
            point.Committed();
        }

        public byte[]? ReadBlob(string key) => inner.ReadBlob(key);

        public void Dispose() => inner.Dispose();
    }
}
