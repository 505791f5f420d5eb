using System.Text;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Tests.Gateway.Host.Dashboard;

/// <summary>The producer behind the live stream, with states made by the test and a clock whose timers the test fires.</summary>
public sealed class LiveFeedTests : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly HandClock clock = new();
    private readonly LiveCounters counters = new();
    private readonly LiveFeed feed;
    private LiveState state = State(0);
    private TimeSpan cost;
    private string trouble = "";
    private bool broken;

    public LiveFeedTests() => feed = new LiveFeed(
        _ => broken ? throw new FormatException("a bug") : trouble.Length > 0 ? throw new GatewayStoppedException(trouble) : Task.FromResult((state, cost)), clock, counters, "run", stopping.Token);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [Fact(Timeout = 10_000)]
    public async Task A_look_that_finds_nothing_new_wakes_nobody()
    {
        Assert.True(feed.TryEnter());
        var (version, events) = await feed.NextAsync(0, Cancel);
        Assert.Equal(1, version);
        Assert.StartsWith("event: state\nid: run-1\ndata: {", Text(events.Single()), StringComparison.Ordinal);
        var waiting = feed.NextAsync(version, Cancel);
        await LookAsync();
        await LookAsync();
        Assert.False(waiting.IsCompleted);
        state = State(1);
        await LookAsync();
        Assert.Equal(2, (await waiting).Version);
        Assert.Equal(1, counters.Changes);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_viewer_behind_gets_all_changes_that_are_kept_and_past_them_the_newest_whole_state()
    {
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        for (var i = 1; i <= LiveFeed.ChangesMost; i++)
            await ChangeAsync(i);
        var (version, events) = await feed.NextAsync(1, Cancel);
        Assert.Equal((LiveFeed.ChangesMost + 1, LiveFeed.ChangesMost), (version, events.Count));
        Assert.StartsWith("event: change\nid: run-2\n", Text(events[0]), StringComparison.Ordinal);
        Assert.Equal(0, counters.Lagged);

        await ChangeAsync(LiveFeed.ChangesMost + 1); // the first change goes
        var late = await feed.NextAsync(1, Cancel);
        Assert.StartsWith($"event: state\nid: run-{LiveFeed.ChangesMost + 2}\n", Text(late.Events.Single()), StringComparison.Ordinal);
        Assert.Equal(1, counters.Lagged);
        Assert.Equal(LiveFeed.ChangesMost, (await feed.NextAsync(2, Cancel)).Events.Count);
    }

    [Fact(Timeout = 10_000)]
    public async Task Changes_kept_are_bounded_in_bytes_too()
    {
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        var huge = new string('x', LiveFeed.ChangeBytesMost / 3);
        for (var i = 1; i <= 3; i++)
        {
            state = State(i) with { Gateway = new LiveGateway(huge + i, "", 0, 0) };
            await LookAsync();
        }
        Assert.Equal(2, (await feed.NextAsync(2, Cancel)).Events.Count);
        Assert.StartsWith("event: state\n", Text((await feed.NextAsync(1, Cancel)).Events.Single()), StringComparison.Ordinal);
    }

    [Fact(Timeout = 10_000)]
    public async Task The_next_look_waits_a_quarter_of_a_second_or_twenty_times_what_the_last_one_cost()
    {
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        Assert.Equal(LiveFeed.Every, await clock.NextAsync(Cancel));
        cost = TimeSpan.FromMilliseconds(12.5);
        clock.Fire();
        Assert.Equal(LiveFeed.Every, await clock.NextAsync(Cancel));
        cost = TimeSpan.FromMilliseconds(30);
        clock.Fire();
        Assert.Equal(TimeSpan.FromMilliseconds(600), await clock.NextAsync(Cancel));
    }

    [Fact(Timeout = 10_000)]
    public async Task When_the_last_viewer_has_gone_nothing_is_asked_and_the_next_one_gets_a_fresh_look()
    {
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        feed.Leave();
        await clock.NextAsync(Cancel);
        clock.Fire();
        Assert.Equal(0, counters.Viewers);
        state = State(7);
        Assert.True(feed.TryEnter());
        // It may be the old producer's next look or a new producer's first; either way it is not the old state.
        var (_, events) = await feed.NextAsync(1, Cancel);
        Assert.Contains("\"devices\":7", Text(events.Single()), StringComparison.Ordinal);
        Assert.Equal(2, counters.Looks);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_gateway_that_does_not_answer_is_said_with_what_was_seen_last()
    {
        state = State(3);
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        trouble = "the gateway's disk is full";
        await LookAsync();
        var (version, events) = await feed.NextAsync(1, Cancel);
        Assert.Contains("\"trouble\":\"the gateway\\u0027s disk is full\"", Text(events.Single()), StringComparison.Ordinal);
        trouble = "";
        await LookAsync();
        Assert.Contains("\"trouble\":\"\"", Text((await feed.NextAsync(version, Cancel)).Events.Single()), StringComparison.Ordinal);
    }

    [Fact(Timeout = 10_000)]
    public async Task After_a_failure_the_viewers_are_told_and_the_next_one_starts_anew()
    {
        feed.TryEnter();
        await feed.NextAsync(0, Cancel);
        var waiting = feed.NextAsync(1, Cancel);
        await clock.NextAsync(Cancel);
        broken = true;
        clock.Fire();
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        feed.Leave();

        broken = false;
        state = State(5);
        Assert.True(feed.TryEnter());
        var (version, events) = await feed.NextAsync(1, Cancel);
        Assert.Equal(2, version);
        Assert.StartsWith("event: state\nid: run-2\n", Text(events.Single()), StringComparison.Ordinal);
        Assert.Contains("\"devices\":5", Text(events.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public void Places_end_at_the_limit_and_come_back()
    {
        for (var i = 0; i < LiveFeed.ViewersMax; i++)
            Assert.True(feed.TryEnter());
        Assert.False(feed.TryEnter());
        Assert.Equal((LiveFeed.ViewersMax, 1L), ((int)counters.Viewers, counters.Refused));
        feed.Leave();
        Assert.True(feed.TryEnter());
    }

    [Theory]
    [InlineData("run-7", 7)]
    [InlineData("run-0", 0)]
    [InlineData("other-7", 0)]
    [InlineData("run-", 0)]
    [InlineData("run--7", 0)]
    [InlineData("run-99999999999999999999", 0)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public void Only_ids_of_this_run_name_a_version(string? id, long version) => Assert.Equal(version, feed.VersionOf(id));

    private static LiveState State(int devices) => new(
        1, new LiveGateway("home", "0.1.0", 0, 1883), new LiveTotals(devices, 0, 0, 0, 0, 0, 0),
        new LedgerView("", "home", 0, 0, "", 0, "", "", false, 0, 0, 0, 0, 0, true), [], [], [], [], []);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private async Task ChangeAsync(int devices)
    {
        state = State(devices);
        await LookAsync();
    }

    /// <summary>Lets the producer look once more, and waits until it has and sleeps again.</summary>
    private async Task LookAsync()
    {
        await clock.NextAsync(Cancel);
        clock.Fire();
        await clock.NextAsync(Cancel);
    }

    /// <summary>A clock with one sleeper, woken by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly Lock gate = new();
        private TaskCompletionSource<TimeSpan> asleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? wake;

        /// <summary>Waits until somebody sleeps; for how long.</summary>
        public Task<TimeSpan> NextAsync(CancellationToken cancel)
        {
            lock (gate)
                return asleep.Task.WaitAsync(cancel);
        }

        public void Fire()
        {
            Action? now;
            lock (gate)
            {
                now = wake;
                wake = null;
                asleep = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            now?.Invoke();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                wake = () => callback(state);
                asleep.TrySetResult(dueTime);
            }
            return new Held();
        }

        private sealed class Held : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing is held: the test fires by hand.
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
