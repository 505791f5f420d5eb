using System.Globalization;
using DePinEdge.Agent.Tasks;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Tasks;
using Job = DePinEdge.Client.Job;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class SampleJobsTests
{
    private static readonly DemoOptions Options = new();

    public static TheoryData<string> Names => [.. SampleJobs.All(Options).Select(sample => sample.Name)];

    [Fact]
    public void The_demo_runs_every_sample_program_and_primes_first() =>
        Assert.Equal(["primes", "headers", "digits", "lj"], SampleJobs.All(Options).Select(sample => sample.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_job_gives_the_expected_answer_and_another_result_another_answer(string name)
    {
        var sample = Sample(name);
        var (fuel, job, results) = Run(sample);
        Assert.Equal(sample.Expected, sample.AnswerOf(job, results));
        // The whole demo is some tenths of a second for a gateway.
        Assert.InRange(fuel, 1_000_000, 100_000_000);

        if (job.Answer is { } answer)
        {
            // The least that shows: one counted more, or five digits of an energy changed.
            var off = name == "lj" ? 1L << 32 : 1;
            var other = job with { Answer = (long.Parse(answer, CultureInfo.InvariantCulture) + off).ToString(CultureInfo.InvariantCulture) };
            Assert.NotEqual(sample.Expected, sample.AnswerOf(other, results));
        }
        else
        {
            var first = results[0] with { Output = "0f" + results[0].Output[2..] };
            Assert.NotEqual(sample.Expected, sample.AnswerOf(job, [first, .. results.Skip(1)]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_devices_results_there_is_no_answer(string name) =>
        Assert.Null(Sample(name).AnswerOf(Job(null), []));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_has_either_a_range_or_inputs_that_fit_and_its_texts(string name)
    {
        var sample = Sample(name);
        Assert.True(sample.Range is null != sample.Inputs is null);
        Assert.Equal(sample.Range is { } range ? range.To - range.From : sample.Inputs!.Count, sample.TaskCount);
        Assert.All(sample.Inputs ?? [], input => Assert.InRange(input.Length, 1, HostAbi.InputBytesMax));
        Assert.Equal(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", name, name + ".wasm")), sample.Wasm);
        Assert.All([sample.Title, sample.Source], text => Assert.NotEqual("", text));
    }

    [Theory]
    [InlineData(1_000_000, null, "78498", "as published")]
    [InlineData(20_000, 7L, "2262", "as a sieve on this machine counts")]
    public void Primes_follow_the_options(long limit, long? tasks, string expected, string source)
    {
        var sample = SampleJobs.All(new DemoOptions { Limit = limit, Tasks = tasks })[0];
        Assert.Equal((expected, source, tasks ?? 2_000), (sample.Expected, sample.Source, sample.TaskCount));
        var (_, job, results) = Run(sample);
        Assert.Equal(expected, sample.AnswerOf(job, results));
    }

    [Fact]
    public void The_altered_header_is_the_one_that_fails()
    {
        var (_, _, results) = Run(Sample("headers"));
        Assert.Equal(324, Assert.Single(results, result => result.Value == 0).Task);
    }

    [Fact]
    public void The_labels_are_in_no_input()
    {
        var sample = Sample("digits");
        Assert.Equal(1_797 * 64, sample.Inputs!.Sum(input => input.Length));
        Assert.Equal(113, sample.TaskCount);
    }

    private static SampleJob Sample(string name) => SampleJobs.All(Options).First(sample => sample.Name == name);

    /// <summary>The job on the engine itself, reduced as the manifest says: what the gateway makes of honest boards' results.</summary>
    private static (long Fuel, Job Job, TaskResult[] Results) Run(SampleJob sample)
    {
        var program = ProgramLoader.Load(sample.Wasm).Program!;
        Assert.True(program.Manifest.TryEncodeParameters(sample.Params ?? new Dictionary<string, ulong>(), out var tail, out var error), error);
        var runner = new TaskRunner(program);
        var results = new TaskResult[sample.TaskCount];
        for (var task = 0; task < results.Length; task++)
        {
            var input = sample.Inputs?[task] ?? BitConverter.GetBytes(sample.Range!.From + task);
            var outcome = runner.Run(input, tail, program.Manifest.FuelMax, TestContext.Current.CancellationToken);
            Assert.Equal((0, TrapCode.None), (outcome.Status, outcome.Trap));
            results[task] = new TaskResult(
                task, "", outcome.Status, "", outcome.Fuel, Convert.ToHexStringLower(outcome.Output),
                JobResults.ValueOf(outcome.Output, (OutputKind)program.Manifest.Output));
        }
        var answer = program.Manifest.Reduce == ProgramReduce.Sum ? results.Sum(result => result.Value).GetValueOrDefault().ToString(CultureInfo.InvariantCulture) : null;
        return (results.Sum(result => result.Fuel), Job(answer), results);
    }

    private static Job Job(string? answer) =>
        new("j1", "", "", "", "", "completed", 0, 0, 0, 0, 0, 0, 0, answer, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");
}
