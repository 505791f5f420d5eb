using System.Security.Cryptography;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>
/// Every limit of the domain, driven to its edge (not counted) and one past it (counted once). A limit without a row here fails.
/// </summary>
public class CoreLimitTests
{
    /// <summary>Each gives a bench at the edge and the one step more.</summary>
    private static readonly Dictionary<GatewayLimit, Func<(CoreBench Bench, Action OnePast)>> Rows = new()
    {
        [GatewayLimit.DevicesMax] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { DevicesMax = 1 });
            _ = new HostileBoard(bench, "first");
            return (bench, () => Joining(bench).Hello(1));
        },
        [GatewayLimit.RunningJobsMax] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { RunningJobsMax = 1 });
            var program = bench.AddPrimes();
            Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Problem);
            return (bench, () => Assert.Equal("limit-reached", bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Problem!.Code));
        },
        [GatewayLimit.TasksPerJobMax] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { TasksPerJobMax = 4 });
            var program = bench.AddPrimes();
            Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 2_000), bench.Now).Problem);
            return (bench, () => Assert.Equal("too-many-tasks", bench.Core.SubmitJob(CoreBench.Primes(program, 2_001), bench.Now).Problem!.Code));
        },
        [GatewayLimit.OpenJoinCodesMax] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { OpenJoinCodesMax = 1 });
            Assert.Null(bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Problem);
            return (bench, () => Assert.Equal("limit-reached", bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Problem!.Code));
        },
        [GatewayLimit.JoinCodeLifetimeMs] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { JoinCodeLifetimeMs = 1_000 });
            var joining = Joining(bench);
            bench.Advance(999);
            joining.Hello(1);
            return (bench, () =>
            {
                bench.Advance(1);
                joining.Hello(2);
            }
            );
        },
        [GatewayLimit.JoinFailuresMax] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { JoinFailuresMax = 2 });
            var joining = Joining(bench);
            joining.Hello(1);
            joining.WrongProof();
            return (bench, joining.WrongProof);
        },
        [GatewayLimit.JoinAttemptsPerAddress] = () =>
        {
            var bench = new CoreBench(new GatewayOptions { JoinAttemptsPerAddress = 2 });
            var joining = Joining(bench);
            joining.Hello(1);
            joining.Hello(2);
            return (bench, () => joining.Hello(3));
        },
        [GatewayLimit.AttemptsMax] = () =>
        {
            var (bench, board, _) = Working(new GatewayOptions { AttemptsMax = 1 }, 500);
            // A lie of a board that has proven nothing weighs a third.
            Lie(bench, board);
            Lie(bench, board);
            return (bench, () => Lie(bench, board));
        },
        [GatewayLimit.RecomputeQueueMax] = () =>
        {
            var (bench, board, _) = Working(new GatewayOptions { RecomputeQueueMax = 1 }, 1_000_000);
            bench.HoldWork = true;
            board.GiveUp(board.Open[0]);
            var other = new HostileBoard(bench, "other");
            other.LogIn();
            other.Birth();
            return (bench, () => other.Report(null));
        },
        [GatewayLimit.FrameBytesMax] = () =>
        {
            var (bench, board) = Present(new GatewayOptions());
            board.Client!.Publish(Topics.DeviceUp(bench.Options.Site, "evil"), new byte[FrameLimits.FrameBytesMax]);
            return (bench, () => board.Client.Publish(Topics.DeviceUp(bench.Options.Site, "evil"), new byte[FrameLimits.FrameBytesMax + 1]));
        },
        [GatewayLimit.BadFramesMax] = () =>
        {
            var (bench, board) = Present(new GatewayOptions());
            void Bad() => board.Client!.Publish(Topics.DeviceUp(bench.Options.Site, "evil"), new byte[FrameLimits.HeaderBytes]);
            for (var i = 0; i < 15; i++)
                Bad();
            return (bench, Bad);
        },
        [GatewayLimit.ProgramsMax] = () =>
        {
            var bench = new CoreBench();
            for (var i = 0; i < ProgramLibrary.ProgramsMax; i++)
                Assert.Null(bench.Core.AddProgram(Program(i), bench.Now).Problem);
            return (bench, () => Assert.Equal("limit-reached", bench.Core.AddProgram(Program(-1), bench.Now).Problem!.Code));
        },
    };

    public static TheoryData<string> Limits => [.. Enum.GetNames<GatewayLimit>()];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_is_counted_once_past_its_edge_and_not_at_it(string name)
    {
        var (bench, onePast) = Rows[Enum.Parse<GatewayLimit>(name)]();
        Assert.All(Reached(bench), one => Assert.Equal((one.Key, 0L), (one.Key, one.Value)));
        onePast();
        Assert.All(Reached(bench), one => Assert.Equal((one.Key, one.Key == name ? 1L : 0L), (one.Key, one.Value)));
    }

    [Fact]
    public void Verdicts_are_counted_by_reason_and_time()
    {
        var bench = new CoreBench();
        bench.Join();
        var program = bench.AddPrimes();
        bench.AdvanceUntil(() => bench.Core.Views.Counters().DevicesOnline == 1);
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 10_000), bench.Now).Value!.Id;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job, bench.Now).Value!.State == "completed");
        var metrics = bench.Core.Views.Metrics(bench.Core.Tally, bench.Now, false);
        Assert.Equal(20, metrics.TasksByReason["PAID"]);
        Assert.Equal(metrics.Counters.BatchesDispatched, metrics.VerdictBuckets.Sum());
        Assert.Equal(metrics.VerdictBuckets.Sum(), metrics.VerdictBuckets[0]); // the bench answers within the moment
        Assert.Equal(bench.Core.Views.Job(job, bench.Now).Value!.FuelUsed, metrics.FuelPaid);
        Assert.True(metrics.TelemetryReports > 0);
        Assert.Equal(1, metrics.Devices["ready"]);
        Assert.Equal(1, metrics.Jobs["completed"]);
    }

    private static IReadOnlyDictionary<string, long> Reached(CoreBench bench) => bench.Core.Views.Metrics(bench.Core.Tally, bench.Now, false).LimitsReached;

    private static JoiningBoard Joining(CoreBench bench) => new(bench, bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Value!.JoinCode);

    /// <summary>A board in a session that keeps the protocol's form only.</summary>
    private static (CoreBench Bench, HostileBoard Board) Present(GatewayOptions options)
    {
        var bench = new CoreBench(options);
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        return (bench, board);
    }

    /// <summary>The same, with batches of a job that it has not answered.</summary>
    private static (CoreBench Bench, HostileBoard Board, string Job) Working(GatewayOptions options, long limit)
    {
        var (bench, board) = Present(options);
        var program = bench.AddPrimes();
        board.Birth();
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, limit), bench.Now).Value!.Id;
        bench.Settle();
        board.Report(null);
        bench.Settle();
        board.Report(null); // reads what was sent meanwhile
        Assert.NotEmpty(board.Open);
        return (bench, board, job);
    }

    /// <summary>Answers the newest batch, of one task, with a wrong result, and asks for the next.</summary>
    private static void Lie(CoreBench bench, HostileBoard board)
    {
        var batch = board.Open[^1];
        var lie = new Report { BatchId = batch.BatchId, Count = 1 };
        (lie.TaskId[0], lie.Fuel[0]) = (batch.TaskId[0], 7);
        board.Report(lie);
        bench.Settle();
        board.Report(null);
    }

    /// <summary>The library looks at bytes and their hash; whether they are a module was checked before.</summary>
    private static ProgramOffered Program(int number)
    {
        var bytes = BitConverter.GetBytes(number);
        return new ProgramOffered(ProgramHash.Of(SHA256.HashData(bytes)), $"p{number}", "1", bytes, [1], 0, 1, 0, OutputKind.Bytes, Reduction.None);
    }

    /// <summary>Speaks the join conversation by hand.</summary>
    private sealed class JoiningBoard
    {
        private readonly CoreBench bench;
        private readonly JoinCode code;
        private readonly BenchClient client;

        public JoiningBoard(CoreBench bench, string joinCode)
        {
            this.bench = bench;
            code = JoinCode.Parse(joinCode);
            client = BenchClient.Connect(bench, Topics.JoinClientId(code.Id), null, null);
            client.Subscribe(Topics.JoinDown(code.Id));
            bench.Settle();
        }

        public void Hello(byte nonce)
        {
            var frame = new byte[FrameLimits.JoinFrameBytesMax];
            var nonceB = new byte[FrameLimits.NonceBytes];
            nonceB[0] = nonce;
            Say(frame, JoinFrame.Close(frame, 0, FrameKind.Hello, new Hello { CodeId = code.Id, Board = "b", NonceB = nonceB }.Encode(frame, 2)));
        }

        public void WrongProof()
        {
            var frame = new byte[FrameLimits.JoinFrameBytesMax];
            Say(frame, JoinFrame.Close(frame, 0, FrameKind.Accept, new Accept { Mac = new byte[32] }.Encode(frame, 2)));
        }

        private void Say(byte[] frame, int count)
        {
            client.Publish(Topics.JoinUp(code.Id), frame.AsSpan(0, count));
            bench.Settle();
        }
    }
}
