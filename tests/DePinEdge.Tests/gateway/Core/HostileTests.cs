using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>A board that has a valid key and says whatever it likes: nothing it says may stop the gateway, cost others money, or fill tables.</summary>
public class HostileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Damaged_frames_under_the_right_mac_stop_nothing(int seed)
    {
        var random = new Random(seed);
        var bench = new CoreBench(seed: (ulong)seed);
        var program = bench.AddPrimes();
        var board = new HostileBoard(bench, "evil");
        for (var i = 0; i < 1_500; i++)
        {
            if (i % 50 == 0 && bench.Core.Views.Jobs(bench.Now).Count(job => job.State == "running") < 3)
                Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 20_000), bench.Now).Problem);
            if (!board.InSession)
            {
                board.LogIn();
                if (random.Next(5) > 0)
                    board.Birth();
            }
            var (kind, body) = Mutated(random, board.Open);
            board.Say(kind, body);
            if (i % 7 == 0)
                bench.Run(4);
            if (i % 50 == 0)
                bench.Advance(random.Next(1, 90_000));
        }
        // Otherwise the lies never got as far as they should.
        var told = bench.Core.Views.Counters();
        Assert.True(told is { ResultsRefused: > 20, DuplicateReports: > 20, FramesBad: > 20 }, told.ToString());
        board.Client!.Drop();
        // A board that calls itself slow holds its leases for a day at most.
        bench.Advance(86_400_001);
        bench.Join(name: "good");
        bench.AdvanceUntil(() => bench.Core.Views.Jobs(bench.Now).All(job => job.State != "running"), 2_000);
        var report = bench.Verify();
        Assert.True(report.Ok, string.Join('\n', report.Errors));
        Assert.Equal(bench.Core.StateHash(), bench.Replayed().StateHash());
        foreach (var view in bench.Core.Views.Devices())
            if (view.Telemetry.Length > 0)
                System.Text.Json.JsonDocument.Parse(view.Telemetry).Dispose();
    }

    [Fact]
    public void Everything_published_about_extreme_values_is_json()
    {
        var bench = new CoreBench();
        var dashboard = BenchClient.Connect(bench, "dash", null, null);
        dashboard.Subscribe("#");
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Say(FrameKind.Birth, Birth("\"}\\ {odd}~", long.MaxValue, int.MaxValue));
        foreach (var extreme in (int[])[int.MaxValue, int.MinValue, 0, -1])
        {
            var report = new Report { Window = int.MaxValue, FramesIgnored = int.MaxValue, LastIgnoredStatus = int.MaxValue };
            var t = report.Telemetry;
            (t.TemperatureCentiC, t.PressurePa, t.CurrentMa) = (extreme, extreme, extreme);
            var natural = extreme == int.MinValue ? int.MaxValue : Math.Abs(extreme);
            (t.HumidityDeciPercent, t.IlluminanceLx, t.VoltageMv, t.EnergyCentiWh) = (natural, natural, natural, natural);
            (t.UptimeS, t.HeapFreeBytes, t.Queue, t.TasksOk, t.TasksErr, t.TaskCentiMj, t.RssiDbm) = (natural, natural, natural, natural, natural, natural, -natural);
            t.BatteryPercent = natural;
            t.Present = TelemetryField.InOrder;
            var body = new byte[FrameLimits.BodyBytesMax];
            if (report.Encode(body, 0) is > 0 and var count)
                board.Say(FrameKind.Report, body[..count]);
        }
        bench.Settle();
        Assert.Contains(dashboard.Received, message => message.Topic.EndsWith("telemetry/power", StringComparison.Ordinal));
        foreach (var (topic, payload) in dashboard.Received.Where(message => !message.Topic.EndsWith("/status", StringComparison.Ordinal)))
            System.Text.Json.JsonDocument.Parse(payload).Dispose();
    }

    [Theory]
    [InlineData("", 0L)]
    [InlineData("~!@ #$%^&*()", long.MaxValue)]
    [InlineData("UPPER/slash+#", 1L)]
    public void An_absurd_birth_gets_work_and_no_harm_is_done(string name, long fuelPerSecond)
    {
        var bench = new CoreBench();
        var program = bench.AddPrimes();
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Say(FrameKind.Birth, Birth(name, fuelPerSecond, int.MaxValue));
        board.Say(FrameKind.Report, Grant(int.MaxValue));
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Problem);
        bench.Settle();
        Assert.NotEmpty(LeaseTests.Records(bench).OfType<BatchDispatched>());
        Assert.Equal(bench.Core.StateHash(), bench.Replayed().StateHash());
    }

    [Fact]
    public void A_second_birth_in_one_session_writes_nothing()
    {
        var bench = new CoreBench();
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Say(FrameKind.Birth, Birth("a", 1, 1));
        var records = LeaseTests.Records(bench).Count;
        for (var i = 0; i < 10; i++)
            board.Say(FrameKind.Birth, Birth("b" + i, i, i));
        Assert.Equal(records, LeaseTests.Records(bench).Count);
    }

    [Fact]
    public void A_program_nobody_knows_is_answered_as_not_to_be_had()
    {
        var bench = new CoreBench();
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Say(FrameKind.Birth, Birth("a", 1, 1));
        var request = new byte[64];
        board.Say(FrameKind.ProgramRequest, request[..new ProgramRequest { Count = 100 }.Encode(request, 0)]);
        var chunk = new ProgramChunk();
        Assert.True(chunk.Decode(board.LastBody, 0, board.LastBody.Length));
        Assert.Equal((FrameKind.ProgramChunk, 0), (board.LastKind, chunk.Total));
        Assert.Equal(0, bench.Core.Views.Counters().FramesBad);
    }

    private static byte[] Birth(string board, long fuelPerSecond, int memory)
    {
        var body = new byte[FrameLimits.BodyBytesMax];
        var birth = new Birth { Board = board, Chip = board, Firmware = board, FuelPerSecond = fuelPerSecond, MemoryBytesMax = memory, ImageBytesMax = memory };
        return body[..birth.Encode(body, 0)];
    }

    private static byte[] Grant(int window)
    {
        var body = new byte[64];
        return body[..new Report { Window = window }.Encode(body, 0)];
    }

    // A valid message with absurd numbers, often with bytes changed, cut off or added.
    private static (byte Kind, byte[] Body) Mutated(Random random, List<Batch> open)
    {
        var body = new byte[FrameLimits.BodyBytesMax];
        byte kind;
        int count;
        switch (random.Next(10))
        {
            case 0:
                kind = FrameKind.Birth;
                count = new Birth
                {
                    Board = new string((char)random.Next(' ', '~'), random.Next(20)),
                    FuelPerSecond = Long(random),
                    MemoryBytesMax = (int)(Long(random) & int.MaxValue),
                    ImageBytesMax = (int)(Long(random) & int.MaxValue),
                    WakePlanMs = Long(random),
                    PowerSource = random.Next(),
                    CapabilityBits = random.Next(),
                }.Encode(body, 0);
                break;
            case 1:
                kind = FrameKind.ProgramRequest;
                var request = new ProgramRequest { Offset = random.Next(), Count = random.Next() };
                if (open.Count > 0)
                    open[^1].ProgramHash.CopyTo(request.ProgramHash, 0);
                count = request.Encode(body, 0);
                break;
            case 2:
                kind = FrameKind.CommandReply;
                count = new CommandReply { Id = Long(random), Status = random.Next() }.Encode(body, 0);
                break;
            case 3:
                kind = (byte)random.Next(256);
                count = random.Next(200);
                random.NextBytes(body.AsSpan(0, count));
                break;
            default:
                kind = FrameKind.Report;
                count = Lies(random, open).Encode(body, 0);
                break;
        }
        count = Math.Max(0, count);
        if (random.Next(3) == 0)
            for (var n = random.Next(4); n > 0 && count > 0; n--)
                body[random.Next(count)] = (byte)random.Next(256);
        if (random.Next(8) == 0)
            count = random.Next(count + 1);
        return (kind, body[..count]);
    }

    private static Report Lies(Random random, List<Batch> open)
    {
        var report = new Report { Window = random.Next(3) == 0 ? random.Next() : 2, FramesIgnored = random.Next(), Output = new byte[256] };
        report.Telemetry.Present = random.Next() & TelemetryField.InOrder;
        if (open.Count == 0 || random.Next(4) == 0)
        {
            report.BatchId = random.Next(3) == 0 ? 0 : Long(random);
            report.Count = report.BatchId == 0 ? 0 : random.Next(33);
            for (var i = 0; i < report.Count; i++)
                (report.TaskId[i], report.Fuel[i]) = (Long(random), Long(random));
            return report;
        }
        var batch = open[random.Next(open.Count)];
        report.BatchId = batch.BatchId;
        report.Count = random.Next(33);
        for (var i = 0; i < report.Count; i++)
        {
            report.TaskId[i] = random.Next(4) == 0 ? Long(random) : batch.TaskId[random.Next(batch.Count)];
            report.Status[i] = random.Next(3) == 0 ? random.Next(int.MinValue, int.MaxValue) : 0;
            report.Trap[i] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)0;
            report.Fuel[i] = Long(random);
            report.OutputCount[i] = random.Next(4) == 0 ? Math.Min(256, random.Next(40)) : 4;
        }
        if (random.Next(6) == 0)
            (report.Count, report.OutputCount[0]) = (1, 256);
        return report;
    }

    private static long Long(Random random) => random.Next(4) switch { 0 => long.MaxValue, 1 => 0, _ => random.NextInt64() >> random.Next(63) };
}
