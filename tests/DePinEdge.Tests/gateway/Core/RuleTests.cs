using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>What people may ask of the core, at the edges of its limits; every refusal names its value.</summary>
public class RuleTests
{
    [Fact]
    public void A_jobs_limits_are_told_by_code_and_value()
    {
        var bench = new CoreBench(new GatewayOptions { TasksPerJobMax = 100 });
        var program = bench.AddPrimes(1_000_000_000);
        var good = CoreBench.Primes(program, 5_000, 1);
        string? Code(JobAsked asked) => bench.Core.SubmitJob(asked, bench.Now).Problem?.Code;

        Assert.Equal("unknown-program", Code(good with { Program = new ProgramHash(new string('0', 64)) }));
        Assert.Equal("negative-price", Code(good with { PriceMicro = -1 }));
        Assert.Equal("negative-price", Code(good with { MaxCreditsMicro = -1 }));
        Assert.Equal("bad-range", Code(good with { RangeFrom = 5, RangeTo = 5 }));
        Assert.Equal("bad-range", Code(good with { RangeFrom = -1 }));
        Assert.Equal("too-many-tasks", Code(good with { RangeTo = 101 }));
        Assert.Equal("too-many-tasks", Code(good with { RangeTo = long.MaxValue }));
        Assert.Equal("bad-parameters", Code(good with { Tail = new byte[257] }));
        Assert.Equal("bad-requester", Code(good with { Requester = "Al ice" }));
        Assert.Equal("bad-title", Code(good with { Title = new string('x', 81) }));
        Assert.Equal("bad-fuel-limit", Code(good with { FuelLimit = -1 }));
        Assert.Equal("bad-fuel-limit", Code(good with { FuelLimit = long.MaxValue }));
        Assert.Equal("price-too-large", Code(good with { PriceMicro = long.MaxValue }));
        Assert.Equal("insufficient-credits", Code(good with { PriceMicro = 1_000_000_000 }));
        Assert.Equal("no-tasks", Code(good with { IsRange = false, Inputs = [] }));
        Assert.Equal("input-too-large", Code(good with { IsRange = false, Inputs = [new byte[1_024 - 12 + 1]] }));

        Assert.Null(Code(good with { RangeTo = 100, Tail = new byte[256] }));
        Assert.Null(Code(good with { IsRange = false, Inputs = [new byte[1_024 - 12]] }));
        Assert.Equal(2, bench.Core.Views.Jobs(bench.Now).Count);
    }

    [Fact]
    public void One_idempotency_key_is_one_job()
    {
        var bench = new CoreBench();
        var asked = CoreBench.Primes(bench.AddPrimes(), 5_000, key: "mine");
        var first = bench.Core.SubmitJob(asked, bench.Now).Value!.Id;
        bench.Turn();
        Assert.Equal(first, bench.Core.SubmitJob(asked, bench.Now).Value!.Id);
        bench.Crash();
        Assert.Equal(first, bench.Core.SubmitJob(asked, bench.Now).Value!.Id);
        Assert.NotEqual(first, bench.Core.SubmitJob(asked with { Requester = "alice", IdempotencyKey = "other" }, bench.Now).Value!.Id);
        foreach (var other in new[]
        {
            asked with { RangeTo = asked.RangeTo + 1 }, asked with { RangeFrom = 1 }, asked with { Tail = [1] }, asked with { PriceMicro = 7 },
            asked with { FuelLimit = 5 }, asked with { IsRange = false, Inputs = [[1]] },
        })
            Assert.Equal("idempotency-conflict", bench.Core.SubmitJob(other, bench.Now).Problem!.Code);
    }

    [Fact]
    public void A_job_says_why_it_waits()
    {
        var bench = new CoreBench();
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 5_000), bench.Now).Value!;
        Assert.Equal("no device is online", job.Waits);
    }

    [Fact]
    public void A_job_bounded_below_one_batch_waits_for_budget()
    {
        var bench = new CoreBench();
        bench.Join();
        bench.Settle();
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 5_000) with { MaxCreditsMicro = 1 }, bench.Now).Value!;
        bench.Advance(5_000);
        Assert.StartsWith("OUT_OF_BUDGET", bench.Core.Views.Job(job.Id, bench.Now).Value!.Waits);
    }

    [Fact]
    public void Invitations_are_checked()
    {
        var bench = new CoreBench(new GatewayOptions { OpenJoinCodesMax = 1 });
        string? Code(InviteAsked asked) => bench.Core.Invite(asked, bench.Now).Problem?.Code;
        Assert.Equal("bad-name", Code(new InviteAsked("Porch Light", "", 0)));
        Assert.Equal("bad-owner", Code(new InviteAsked("", "A", 0)));
        Assert.Equal("bad-lifetime", Code(new InviteAsked("", "", -1)));
        Assert.Equal("bad-lifetime", Code(new InviteAsked("", "", 30L * 86_400_000 + 1)));
        Assert.Null(Code(new InviteAsked("", "", 30L * 86_400_000)));
        Assert.Equal("limit-reached", Code(new InviteAsked("", "", 0)));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new GatewayOptions { LeaseFloorMs = 4_000 }.Validate());
        Assert.StartsWith("Gateway:LeaseFloorMs must be more than", error.Message);
        new GatewayOptions { LeaseFloorMs = 4_001 }.Validate();
    }

    [Fact]
    public void A_ledger_of_another_site_is_refused()
    {
        var bench = new CoreBench();
        bench.Turn();
        var stored = new StoredState(null, 0, bench.Turns, [.. bench.Blobs.Select(blob => new BlobWrite(blob.Key, blob.Value))]);
        var other = new DePinEdge.Gateway.GatewayCore(new GatewayOptions { Site = "barn" }, new NoEntropy(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var error = Assert.Throws<ArgumentException>(() => other.Recover(stored, bench.Now));
        Assert.Equal("Gateway:Site is 'barn', but this ledger belongs to site 'home'", error.Message);
    }

    private sealed class NoEntropy : IEntropySource
    {
        public void Fill(Span<byte> bytes) => throw new InvalidOperationException("recovery of an old ledger needs no entropy");
    }
}
