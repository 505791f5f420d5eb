// The demo's handwritten digits.
using System.Globalization;
using System.Text;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// device/programs/digits on the digits that its network never learned from, sixteen a task. The labels stay here: boards see pixels only,
/// and what they answer is compared with the labels by who asked.
/// </summary>
internal static class SampleJobDigits
{
    private const int ImageBytes = 64;
    private const int ImagesATask = 16;

    /// <summary>What the same network gets right in plain C# (IntegerNetwork in device/programs/digits/Training); a test runs it.</summary>
    private const int Right = 1_750;

    public static SampleJob Create()
    {
        var labels = Encoding.ASCII.GetString(SampleJobFiles.Read("labels.txt")).Trim();
        return new SampleJob
        {
            Name = "digits",
            Title = "handwritten digits recognised",
            Wasm = SampleJobFiles.Wasm("digits"),
            Inputs = [.. SampleJobFiles.Read("digits.bin").Chunk(ImageBytes * ImagesATask)],
            Expected = Text(Right, labels),
            Source = "as the same network in plain .NET",
            Answer = (_, results) => Compare(labels, results),
        };
    }

    /// <summary>How many digits the boards name as the labels do; null when a task has no answer.</summary>
    private static string? Compare(string labels, IReadOnlyList<TaskResult> results)
    {
        var classes = results.OrderBy(result => result.Task).SelectMany(result => Convert.FromHexString(result.Output)).ToArray();
        return classes.Length == labels.Length ? Text(labels.Where((label, row) => label - '0' == classes[row]).Count(), labels) : null;
    }

    private static string Text(int right, string labels) => string.Create(CultureInfo.InvariantCulture, $"{right} of {labels.Length}");
}
