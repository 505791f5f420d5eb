using System.Globalization;
using System.Text;
using System.Text.Json;
using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>
/// One producer for all viewers of the page. While somebody looks it asks the core at most four times a second, and less often when
/// that costs the core more than a twentieth of its time; when nobody looks it does nothing. It keeps the newest state and the last
/// changes as ready bytes; a viewer is only a number, the version it has seen. One that is too slow for the changes kept gets the
/// newest whole state instead: no queue grows with a viewer.
/// </summary>
internal sealed class LiveFeed
{
    /// <summary>Viewers at once; more are refused.</summary>
    public const int ViewersMax = 32;

    /// <summary>Changes kept for viewers that are behind.</summary>
    public const int ChangesMost = 64;

    /// <summary>Bytes of changes kept; beyond it the oldest go.</summary>
    public const int ChangeBytesMost = 2 << 20;

    /// <summary>Least time between two looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two looks there is at least this many times what a look takes of the core.</summary>
    private const int CostFactor = 20;

    private readonly Lock gate = new();
    private readonly Func<CancellationToken, Task<(LiveState State, TimeSpan Cost)>> look;
    private readonly TimeProvider clock;
    private readonly LiveCounters counters;
    private readonly CancellationToken stopping;
    private readonly string run;
    private readonly Queue<byte[]> changes = new();
    private TaskCompletionSource news = NewSignal();
    private LiveState? state;
    private byte[]? whole;
    private Exception? failure;
    private long version;
    private int changeBytes, viewers;
    private bool producing, current;

    /// <param name="look">Asks the core; says what the question cost it.</param>
    /// <param name="run">Names this run of the gateway in event ids: versions of another mean nothing here.</param>
    /// <param name="stopping">Ends the producer.</param>
    public LiveFeed(
        Func<CancellationToken, Task<(LiveState State, TimeSpan Cost)>> look, TimeProvider clock, LiveCounters counters, string run, CancellationToken stopping)
    {
        this.look = look;
        this.clock = clock;
        this.counters = counters;
        this.run = run;
        this.stopping = stopping;
    }

    /// <summary>Lets a viewer in; false when there are as many as there may be. Who was let in calls <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (viewers == ViewersMax)
            {
                counters.OnRefused();
                return false;
            }
            viewers++;
            counters.OnOpened();
            if (!producing)
            {
                failure = null;
                producing = true;
                _ = Task.Run(ProduceAsync, CancellationToken.None);
            }
            return true;
        }
    }

    public void Leave()
    {
        lock (gate)
            viewers--;
        counters.OnClosed();
    }

    /// <summary>The version that an event id of this run names; 0, which is none, for anything else.</summary>
    public long VersionOf(string? eventId) =>
        eventId is not null && eventId.StartsWith(run + "-", StringComparison.Ordinal)
        && long.TryParse(eventId.AsSpan(run.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    /// <summary>Waits for what comes after the version seen (0: nothing yet): the events to send, and the version after them.</summary>
    public async Task<(long Version, IReadOnlyList<byte[]> Events)> NextAsync(long seen, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (failure is not null)
                    throw new InvalidOperationException("the live stream's producer has failed", failure);
                if (current && version != seen)
                    return (version, After(seen));
                waiting = news.Task;
            }
            await waiting.WaitAsync(cancel);
        }
    }

    private IReadOnlyList<byte[]> After(long seen)
    {
        if (seen > 0 && seen < version && seen >= version - changes.Count)
            return [.. changes.Skip((int)(changes.Count - (version - seen)))];
        if (seen > 0)
            counters.OnLagged();
        return [whole ??= Event("state", version, JsonSerializer.Serialize(state!, LiveJson.Default.LiveState))];
    }

    private async Task ProduceAsync()
    {
        try
        {
            while (true)
            {
                lock (gate)
                {
                    if (viewers == 0 || stopping.IsCancellationRequested)
                    {
                        producing = current = false;
                        return;
                    }
                }
                counters.OnLook();
                var (next, cost) = await LookAsync();
                Publish(next);
                var pause = cost * CostFactor;
                await Task.Delay(pause > Every ? pause : Every, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception broken)
        {
            lock (gate)
            {
                // Whoever waits is told; the next viewer starts a new producer, which begins with a whole state.
                failure = broken;
                producing = current = false;
                state = null;
                changes.Clear();
                changeBytes = 0;
                Signal();
            }
        }
    }

    private async Task<(LiveState? State, TimeSpan Cost)> LookAsync()
    {
        try
        {
            return await look(stopping);
        }
        catch (GatewayStoppedException trouble)
        {
            // What was seen last stays, with a word that it is old.
            return (state is null ? null : state with { Gateway = state.Gateway with { Trouble = trouble.Message } }, Every);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (state, TimeSpan.Zero);
        }
    }

    private void Publish(LiveState? next)
    {
        if (next is null)
            return;
        lock (gate)
        {
            var change = state is null ? null : LiveChange.Between(state, next);
            if (state is null || change is not null)
            {
                version++;
                whole = null;
            }
            if (change is not null)
            {
                counters.OnChange();
                var bytes = Event("change", version, JsonSerializer.Serialize(change, LiveJson.Default.LiveChange));
                changes.Enqueue(bytes);
                changeBytes += bytes.Length;
                while (changes.Count > ChangesMost || changeBytes > ChangeBytesMost)
                    changeBytes -= changes.Dequeue().Length;
            }
            if (state is null || change is not null)
                state = next;
            if (current && change is null)
                return;
            current = true;
            Signal();
        }
    }

    private void Signal()
    {
        news.TrySetResult();
        news = NewSignal();
    }

    private byte[] Event(string kind, long number, string json) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {kind}\nid: {run}-{number}\ndata: {json}\n\n"));

    // Continuations must not run under the gate.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
