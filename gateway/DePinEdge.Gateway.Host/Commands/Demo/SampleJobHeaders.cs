// The demo's block headers.
using System.Globalization;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>device/programs/headers on real headers of Bitcoin, one a task, and on one that was altered and must not count.</summary>
internal static class SampleJobHeaders
{
    private const int HeaderBytes = 80;

    /// <summary>Where the altered header's original stands: block 170, the first that pays somebody.</summary>
    private const int Altered = 170;

    /// <summary>The lowest bit of the time in a header.</summary>
    private const int AlteredByte = 68;

    public static SampleJob Create()
    {
        var headers = SampleJobFiles.Read("headers.bin").Chunk(HeaderBytes).ToList();
        var altered = headers[Altered].ToArray();
        altered[AlteredByte] ^= 1;
        var real = headers.Count;
        headers.Add(altered);
        return new SampleJob
        {
            Name = "headers",
            Title = "block headers with proof of work",
            Wasm = SampleJobFiles.Wasm("headers"),
            Inputs = headers,
            Expected = Text(real, headers.Count),
            Source = "as one of them is altered",
            Answer = (job, _) => long.TryParse(job.Answer, NumberStyles.Integer, CultureInfo.InvariantCulture, out var valid) ? Text(valid, headers.Count) : null,
        };
    }

    private static string Text(long valid, int all) => string.Create(CultureInfo.InvariantCulture, $"{valid} of {all}");
}
