using System.Collections.Concurrent;
using DePinEdge.Agent.Wire;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>The order of things in the loop, with the production core, real sockets and a real file: durable before visible.</summary>
public sealed class CoreLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Nothing_reaches_a_socket_before_its_turn_is_durable()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        await using var gateway = await TestGateway.StartAsync(temp, o => o with
        {
            StoreDecorator = store => new WatchedStore(store, turn =>
            {
                if (!WatchedStore.Records(turn).OfType<JoinCodeFailed>().Any())
                    return;
                entered.Release();
                Assert.True(release.Wait(Patience));
            }),
        });
        var code = (await gateway.Client.InviteAsync(cancel: TestContext.Current.CancellationToken)).CodeId;
        using var client = new RawMqtt(gateway.Host.MqttPort);
        client.Connect("join-" + code);
        Assert.Equal(0x20, client.Read().Type);
        client.Subscribe(Topics.JoinDown(code));
        Assert.Equal(0x90, client.Read().Type);
        var frame = new byte[FrameLimits.JoinFrameBytesMax];
        var hello = new Hello { CodeId = code, Board = "guess", NonceB = new byte[16] };
        client.Publish(Topics.JoinUp(code), Frame(frame, FrameKind.Hello, hello.Encode(frame, FrameLimits.JoinHeaderBytes)), 1);
        var answers = new[] { client.Read().Type & 0xF0, client.Read().Type & 0xF0 };
        Assert.Equal([0x30, 0x40], answers.Order());

        // A wrong proof is a durable fact: its answer and its acknowledgement wait for the commit.
        client.Publish(Topics.JoinUp(code), Frame(frame, FrameKind.Accept, new Accept { Mac = new byte[32] }.Encode(frame, FrameLimits.JoinHeaderBytes)), 2);
        Assert.True(await entered.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(0, client.Available);
        release.Set();
        answers = [client.Read().Type & 0xF0, client.Read().Type & 0xF0];
        Assert.Equal([0x30, 0x40], answers.Order());
    }

    [Fact]
    public async Task An_answer_of_the_api_waits_for_its_commit()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        await using var gateway = await TestGateway.StartAsync(temp, o => o with
        {
            StoreDecorator = store => new WatchedStore(store, turn =>
            {
                if (!WatchedStore.Records(turn).OfType<Transferred>().Any())
                    return;
                entered.Release();
                Assert.True(release.Wait(Patience));
            }),
        });
        var answer = gateway.Host.Loop.AskAsync((core, now) => core.Issue("alice", 5, now), TestContext.Current.CancellationToken);
        Assert.True(await entered.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(answer.IsCompleted);
        release.Set();
        Assert.Equal(5, (await answer).Value!.BalanceMicro);
    }

    [Fact]
    public async Task Turns_under_load_share_commits_and_a_quiet_gateway_commits_at_once()
    {
        await using var gateway = await TestGateway.StartAsync(temp, o => o with { LingerMs = 1_000 });
        var loop = gateway.Host.Loop;
        var before = loop.Counters.Commits;
        var asked = new List<Task>();
        for (var i = 0; i < 100; i++)
            asked.Add(loop.AskAsync((core, now) => core.Issue("alice", 1, now), TestContext.Current.CancellationToken));
        await Task.WhenAll(asked);
        // The ledger's own first turn may just have been stored, so one or two more carry all hundred.
        Assert.InRange(loop.Counters.Commits - before, 1, 3);
        Assert.Equal(100, (await gateway.Client.AccountsAsync(TestContext.Current.CancellationToken)).Single(a => a.Id == "req:alice").BalanceMicro);
    }

    [Fact]
    public async Task A_full_disk_keeps_the_turn_and_loses_nothing()
    {
        var full = 0;
        var seen = new ConcurrentQueue<long>();
        await using var gateway = await TestGateway.StartAsync(temp, o => o with
        {
            StoreDecorator = store => new WatchedStore(store, turn =>
            {
                if (Interlocked.Decrement(ref full) >= 0)
                {
                    seen.Enqueue(turn.Seq);
                    throw new StoreException(StoreFailure.Full, "the disk is full");
                }
            }),
        });
        Volatile.Write(ref full, 2);
        var account = await gateway.Client.IssueAsync("alice", 7, TestContext.Current.CancellationToken);
        Assert.Equal(7, account.BalanceMicro);
        Assert.Equal(2, gateway.Host.Loop.Counters.FullDisk);
        Assert.Single(seen.Distinct());
        Assert.False(gateway.Host.Loop.WaitsForDisk);
        await gateway.Host.StopAsync();
        Assert.Equal(ExitCodes.Ok, await gateway.Host.Completion);
        await using var again = await TestGateway.StartAsync(temp);
        Assert.Equal(7, (await again.Client.AccountsAsync(TestContext.Current.CancellationToken)).Single(a => a.Id == "req:alice").BalanceMicro);
    }

    [Fact]
    public async Task The_endpoint_file_goes_before_the_folder_is_free_for_another_gateway()
    {
        bool? there = null;
        var endpoint = Path.Combine(temp.At("data"), "gateway.json");
        await using var gateway = await TestGateway.StartAsync(temp, o => o with
        {
            StoreDecorator = store => new WatchedStore(store, static _ => { }, () => there = File.Exists(endpoint)),
        });
        Assert.True(File.Exists(endpoint));
        await gateway.Host.StopAsync();
        Assert.False(there);
    }

    [Fact]
    public async Task An_unknown_commit_stops_the_gateway_and_fails_the_question()
    {
        var broken = false;
        await using var gateway = await TestGateway.StartAsync(temp, o => o with
        {
            StoreDecorator = store => new WatchedStore(store, _ =>
            {
                if (Volatile.Read(ref broken))
                    throw new StoreException(StoreFailure.Unknown, "input/output error");
            }),
        });
        Volatile.Write(ref broken, true);
        await Assert.ThrowsAsync<GatewayStoppedException>(() => gateway.Host.Loop.AskAsync((core, now) => core.Issue("alice", 7, now), TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.StoreUnknown, await gateway.Host.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_exception_out_of_the_core_stops_the_gateway()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        await Assert.ThrowsAsync<GatewayStoppedException>(() => gateway.Host.Loop.AskAsync<int>((_, _) => throw new InvariantException("test"), TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Bug, await gateway.Host.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cancelled_question_is_not_asked()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var asked = false;
        await using var gateway = await TestGateway.StartAsync(temp);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.Host.Loop.AskAsync((_, _) => asked = true, cancelled.Token));
        await gateway.Host.Loop.AskAsync((_, _) => 0, TestContext.Current.CancellationToken);
        Assert.False(asked);
    }

    [Fact]
    public async Task A_job_runs_on_boards_is_recomputed_and_survives_a_restart()
    {
        string head;
        await using (var gateway = await TestGateway.StartAsync(temp))
        {
            var client = gateway.Client;
            await client.AddProgramAsync(TestGateway.Primes(), TestContext.Current.CancellationToken);
            await client.IssueAsync("local", 100_000_000, TestContext.Current.CancellationToken);
            var invite = await client.InviteAsync("b1", cancel: TestContext.Current.CancellationToken);
            await using var fleet = new SimulatedFleet(
                new FleetOptions { Port = gateway.Host.MqttPort, Pace = Pace.None },
                [new BoardSpec("b1", BoardProfile.Esp32, new MemoryKeyStore(), invite.JoinCode, 1)]);
            fleet.Start();
            var job = await client.SubmitAsync(
                new JobSubmission { Program = "primes", Range = new JobRange(0, 20) }, "key-1", TestContext.Current.CancellationToken);
            var same = await client.SubmitAsync(
                new JobSubmission { Program = "primes", Range = new JobRange(0, 20) }, "key-1", TestContext.Current.CancellationToken);
            Assert.Equal(job.Id, same.Id);
            var ended = await client.WaitAsync(job.Id, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(("completed", 20L, "1229"), (ended.State, ended.RecomputedEqual, ended.Answer));
            var results = await client.ResultsAsync(job.Id, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), results.Select(r => r.Task));
            Assert.Equal(1229, results.Sum(r => r.Value));
            var steps = await client.ProgressAsync(job.Id, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal("completed", Assert.Single(steps).State);
            Assert.NotEmpty(await client.ReceiptsAsync("b1", TestContext.Current.CancellationToken));
            await fleet.StopAsync();
            head = (await client.LedgerAsync(TestContext.Current.CancellationToken)).Head;
        }

        await using var again = await TestGateway.StartAsync(temp);
        var ledger = await again.Client.LedgerAsync(TestContext.Current.CancellationToken);
        Assert.True(ledger.Balanced);
        Assert.True(ledger.Records > 0 && head.Length == 64);
        Assert.Equal(20, (await again.Client.ResultsAsync("j1", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).Count);
        Assert.Equal("1229", (await again.Client.JobAsync("j1", 0, TestContext.Current.CancellationToken)).Answer);
    }

    private static ReadOnlySpan<byte> Frame(byte[] frame, byte kind, int bodyCount) => frame.AsSpan(0, JoinFrame.Close(frame, 0, kind, bodyCount));
}
