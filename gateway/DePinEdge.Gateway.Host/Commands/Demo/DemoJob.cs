// A sample job in the hands of the demo.
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>One submitted sample job as the gateway last told of it.</summary>
/// <param name="Sample">What was submitted.</param>
/// <param name="Job">The gateway's view.</param>
/// <param name="SubmittedAt">Seconds from the first job's submission to this one's.</param>
/// <param name="Seconds">From its submission to the moment its end was seen; null while it runs.</param>
/// <param name="Answer">The devices' answer, asked once the job has ended; null before, and when there is none.</param>
internal sealed record DemoJob(SampleJob Sample, Job Job, double SubmittedAt, double? Seconds = null, string? Answer = null)
{
    /// <summary>The answer is the expected one, letter by letter.</summary>
    public bool Match => Answer == Sample.Expected;
}
