using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class DemoInvariantsTests
{
    private static readonly JobId Number = new(1);
    private static readonly DeviceId Device = new("esp32-01");

    private static readonly DemoResult GoodResult = new()
    {
        Devices = 2,
        Units = 1,
        Jobs = 1,
        TasksTotal = 2,
        TasksOk = 2,
        RecomputedEqual = 2,
        FalseSent = 0,
        FalseRefused = 0,
        FalsePaid = 0,
        Late = 0,
        Duplicates = 0,
        CreditsPostedMicro = 70,
        CreditsChargedMicro = 70,
        Chain = "verified",
        AnswersMatch = true,
        Seconds = 1.5,
        Answers = [],
        Retried = 0,
        Records = 9,
        Fuel = 200,
        JobSeconds = 0.5,
        Broken = [],
    };

    private static readonly SampleJob Sample = new()
    {
        Name = "primes",
        Title = "primes below 10",
        Wasm = [],
        Range = new JobRange(0, 2),
        Expected = "4",
        Source = "as published",
        Answer = (job, _) => job.Answer,
    };

    private static readonly Job GoodJob = new(
        "j1", "primes", "", "primes", "demo", "completed", 2, 2, 0, 0, 0, 0, 2, "4", 1, 1, 200, 0, 70, 0, 0, 1, 0, "");

    private static readonly LedgerInfo GoodLedger = new("id", "home", 9, 3, "head", 1, "root", "head", true, 100, 70, 0, 0, 3, true);

    private static readonly VerifyReport GoodReport = new() { Errors = [], Balances = [], Leaves = [], PostedMicro = 70, LastEpochSigned = true };

    private static readonly FleetCounters GoodFleet = new(2, 2, 2, 2, 1, 200, 2, 0, 0, 0, 0);

    [Fact]
    public void Nothing_is_broken_when_all_agrees()
    {
        Assert.Empty(BrokenJob());
        Assert.Empty(Broken());
    }

    [Fact]
    public void Each_number_of_a_job_that_is_off_breaks_a_sentence_that_names_it()
    {
        Assert.Equal(["primes: the devices' answer to 'primes below 10' is 5; it should be 4"], BrokenJob(answer: "5"));
        Assert.Equal(["primes: the devices' answer to 'primes below 10' is missing; it should be 4"], BrokenJob(answer: null));
        Assert.Equal(["primes: the job ended as failed, not completed"], BrokenJob(GoodJob with { State = "failed" }));
        Assert.Equal(["primes: 1 of 2 tasks have a result, 1 failed"], BrokenJob(GoodJob with { Done = 1, Failed = 1 }));
        Assert.Equal(["primes: 1 of 2 results were recomputed and equal"], BrokenJob(GoodJob with { RecomputedEqual = 1 }));
        Assert.Equal(
            ["primes: the ledger posts 70 micro-credits for the job, the gateway's table says 71"], BrokenJob(GoodJob with { PaidMicro = 71 }));
    }

    [Fact]
    public void Each_number_of_the_whole_that_is_off_breaks_a_sentence_that_names_it()
    {
        Assert.Equal(["0 false results were sent, 1 refused"], Broken(result: GoodResult with { FalseRefused = 1 }));
        Assert.Equal(["3 false results were sent, 2 refused", "1 false results were paid"], Broken(result: GoodResult with { FalseSent = 3, FalseRefused = 2, FalsePaid = 1 }));
        Assert.Equal(["1 of 2 devices are online at the end"], Broken(result: GoodResult with { Devices = 1 }));
        Assert.Equal(["the boards ran 1 tasks, the jobs have 2"], Broken(fleet: GoodFleet with { TasksDone = 1 }));
        Assert.Equal(["the gateway's books do not balance"], Broken(ledger: GoodLedger with { Balanced = false }));
        Assert.Equal(
            ["the verifier finds 70 micro-credits posted in all, the gateway says 71"], Broken(ledger: GoodLedger with { PostedMicro = 71 }));
        Assert.Equal(["the sealed epoch is not signed"], Broken(report: GoodReport with { LastEpochSigned = false }));
        Assert.Equal(["the chain does not verify: turn 3: x"], Broken(report: GoodReport with { Errors = ["turn 3: x"], ErrorCount = 1 }));
    }

    [Theory]
    [InlineData(9, 70, false)] // the same history
    [InlineData(9, 71, true)]
    [InlineData(10, 71, false)] // the last turn goes on after the gateway's answer, with somebody else's job
    [InlineData(10, 69, true)]
    public void Postings_are_compared_over_what_the_gateway_knew(long records, long postedMicro, bool broken) => Assert.Equal(
        broken ? [$"the verifier finds {postedMicro} micro-credits posted in all, the gateway says 70"] : [],
        Broken(ledger: GoodLedger with { Records = 9 }, report: GoodReport with { Records = records, PostedMicro = postedMicro }));

    [Fact]
    public void The_stored_ledger_is_held_against_the_job()
    {
        Assert.Equal(["primes: the ledger pays 1 of 2 tasks"], BrokenJob(stored: Stored((0, 1))));
        Assert.Equal(["primes: the ledger pays 1 tasks more than once"], BrokenJob(stored: Stored((0, 2), (1, 1))));
        Assert.Equal(["primes: posted 70 micro-credits, charged 71"], BrokenJob(stored: Stored(71, 70, true, (0, 1), (1, 1))));
        Assert.Equal(["primes: the ledger does not record the job's end"], BrokenJob(stored: Stored(70, 70, false, (0, 1), (1, 1))));
        Assert.Equal(
            [
                "primes: posted 0 micro-credits, charged 70", "primes: the ledger posts 0 micro-credits for the job, the gateway's table says 70",
                "primes: nothing was posted",
            ],
            BrokenJob(stored: Stored(70, 0, true, (0, 1), (1, 1))));
    }

    [Fact]
    public void The_json_has_the_documented_names_on_one_line()
    {
        var json = GoodResult.ToJson();
        Assert.DoesNotContain('\n', json);
        Assert.StartsWith(
            """{"devices":2,"units":1,"jobs":1,"tasks_total":2,"tasks_ok":2,"recomputed_equal":2,"false_sent":0,"false_refused":0,"false_paid":0,"false_refusals":{},"refusals":{},"late":0,"duplicates":0,"deaths":0,"link_drops":0,"stalls":0,"clones_held":0,"throttled":0,"faults":{},"credits_posted_micro":70,"credits_charged_micro":70,"chain":"verified","answers_match":true,"seconds":1.5""",
            json,
            StringComparison.Ordinal);
        Assert.EndsWith("\"broken\":[]}", json, StringComparison.Ordinal);
    }

    private static List<string> BrokenJob(Job? job = null, JobInLedger? stored = null, string? answer = "4") =>
        [.. DemoInvariants.OfJob(new DemoJob(Sample, job ?? GoodJob, 0, 1, answer), stored ?? Stored((0, 1), (1, 1)))];

    private static List<string> Broken(
        DemoResult? result = null, LedgerInfo? ledger = null, VerifyReport? report = null, FleetCounters? fleet = null) =>
        [.. DemoInvariants.OfAll(result ?? GoodResult, ledger ?? GoodLedger, report ?? GoodReport, 2, fleet ?? GoodFleet)];

    private static JobInLedger Stored(params (long Task, int Times)[] paid) => Stored(70, 70, true, paid);

    /// <summary>The stored ledger of one job with these sums.</summary>
    private static JobInLedger Stored(long charged, long posted, bool ended, params (long Task, int Times)[] paid)
    {
        List<DurableRecord> records =
        [
            new Transferred(TransferKind.Escrow, 1, "req:demo", AccountIds.Escrow(Number), 1_000),
            new Transferred(TransferKind.Refund, 1, AccountIds.Escrow(Number), "req:demo", 1_000 - charged),
        ];
        if (posted > 0)
            records.Add(new Transferred(TransferKind.Post, 1, AccountIds.Reserve(Number), AccountIds.Held(Device), posted));
        for (var round = 0; round < paid.Max(p => p.Times); round++)
            records.Add(new BatchJudged(
                new BatchId(round + 1), Number, Device, 1_000_000, 1_000_000, 1_000_000,
                [.. paid.Where(p => p.Times > round).Select(p => new TaskVerdict(p.Task, ReasonCode.Paid, 0, 0, 100, []))]));
        if (ended)
            records.Add(new JobEnded(Number, JobState.Completed));
        var body = new RecordWriter();
        foreach (var record in records)
        {
            var one = new RecordWriter();
            RecordCodec.Write(record, one);
            body.Bytes(one.Written);
        }

        return JobInLedger.Read([new Turn(1, 1, records.Count, 0, new byte[32], body.Written.ToArray(), [], null, null)], Number);
    }
}
