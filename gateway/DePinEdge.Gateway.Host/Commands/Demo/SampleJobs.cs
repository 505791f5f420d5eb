// The jobs of the demo, from the sample programs that were built into this executable.
using System.Globalization;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>All sample programs on their real input; device/programs/NAME says what each computes.</summary>
internal static class SampleJobs
{
    /// <summary>The jobs in the order in which the demo runs them; primes, which the options can make longer, is the first.</summary>
    public static IReadOnlyList<SampleJob> All(DemoOptions options) =>
        [Primes(options), SampleJobHeaders.Create(), SampleJobDigits.Create(), SampleJobLj.Create()];

    private static SampleJob Primes(DemoOptions options)
    {
        var published = PrimeCount.Published(options.Limit);
        return new SampleJob
        {
            Name = "primes",
            Title = string.Create(CultureInfo.InvariantCulture, $"primes below {options.Limit}"),
            Wasm = SampleJobFiles.Wasm("primes"),
            Range = new JobRange(0, options.TaskCount),
            Params = new Dictionary<string, ulong> { ["width"] = (ulong)options.Width, ["limit"] = (ulong)options.Limit },
            Expected = (published ?? PrimeCount.Sieve(options.Limit)).ToString(CultureInfo.InvariantCulture),
            Source = published is null ? "as a sieve on this machine counts" : "as published",
            Answer = (job, _) => job.Answer,
        };
    }
}
