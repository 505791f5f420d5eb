using DePinEdge.Client;

namespace DePinEdge.Benchmarks;

/// <summary>Jobs that count primes, one after the other, always some of them running; each answer is checked against a sieve.</summary>
internal sealed class PrimesJobs
{
    private const int Width = 500;
    private const string Requester = "load";
    private readonly DepinClient client;
    private readonly string program;
    private readonly long tasks;
    private readonly string expected;

    private PrimesJobs(DepinClient client, string program, long tasks)
    {
        this.client = client;
        this.program = program;
        this.tasks = tasks;
        expected = Sieve((int)(tasks * Width)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Jobs that ended as they should.</summary>
    public int Completed { get; private set; }

    /// <summary>What was wrong with any job.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Adds the program and funds the requester.</summary>
    public static async Task<PrimesJobs> PrepareAsync(DepinClient client, long tasksPerJob, CancellationToken cancel)
    {
        var wasm = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "primes.wasm"), cancel);
        var program = await client.AddProgramAsync(wasm, cancel);
        await client.IssueAsync(Requester, 1_000_000_000_000_000, cancel);
        return new PrimesJobs(client, program.Hash, tasksPerJob);
    }

    /// <summary>Keeps so many jobs running until asked to stop; then the last ones end or are cancelled.</summary>
    public async Task RunAsync(int atOnce, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
                await OneAsync(stop);
        }));
    }

    /// <summary>One job from submission to its end; cancelled when the run stops before.</summary>
    public async Task OneAsync(CancellationToken stop)
    {
        var job = await client.SubmitAsync(
            new JobSubmission
            {
                Program = program,
                Requester = Requester,
                Title = "load",
                Range = new JobRange(0, tasks),
                Params = new Dictionary<string, ulong> { ["width"] = Width, ["limit"] = (ulong)(tasks * Width) },
                MaxCreditsMicro = 1_000_000_000_000,
            },
            null, CancellationToken.None);
        try
        {
            while (!job.Ended)
                job = await client.JobAsync(job.Id, 30, stop);
        }
        catch (OperationCanceledException)
        {
            await client.CancelAsync(job.Id, CancellationToken.None);
            return;
        }
        if (job is { State: "completed", Failed: 0, RefusedResults: 0 } && job.Done == tasks && job.Answer == expected)
            Completed++;
        else
            Problems.Add($"{job.Id}: {job.State}, {job.Done}/{job.Total} done, {job.Failed} failed, {job.RefusedResults} refused, answer {job.Answer}, expected {expected}");
    }

    private static int Sieve(int limit)
    {
        var composite = new bool[limit];
        var primes = 0;
        for (var n = 2; n < limit; n++)
        {
            if (composite[n])
                continue;
            primes++;
            for (var multiple = (long)n * n; multiple < limit; multiple += n)
                composite[multiple] = true;
        }
        return primes;
    }
}
