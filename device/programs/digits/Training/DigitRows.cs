// The data set as it lies in device/programs/digits.
namespace DePinEdge.Programs.Digits.Training;

/// <summary>Digits of 8 by 8 pixels, 0 (empty) to 16 (full), and what each is.</summary>
internal sealed class DigitRows
{
    /// <summary>Pixels of a digit, row by row from the top left.</summary>
    public const int Pixels = 64;

    /// <summary>The largest pixel.</summary>
    public const int PixelMax = 16;

    private readonly byte[][] images;
    private readonly int[] labels;

    private DigitRows(byte[][] images, int[] labels) => (this.images, this.labels) = (images, labels);

    public int Count => images.Length;

    /// <summary>The pixels of one digit.</summary>
    public byte[] Image(int row) => images[row];

    /// <summary>Which digit it is, 0 to 9.</summary>
    public int Label(int row) => labels[row];

    /// <summary>The digits to learn from: training.bin, rows of 64 pixels and the label.</summary>
    public static DigitRows Training(string folder)
    {
        var rows = File.ReadAllBytes(Path.Combine(folder, "training.bin")).Chunk(Pixels + 1).ToArray();
        return new DigitRows([.. rows.Select(row => row[..Pixels])], [.. rows.Select(row => (int)row[Pixels])]);
    }

    /// <summary>The digits of other writers to test with: digits.bin, rows of 64 pixels, and labels.txt, one character a row.</summary>
    public static DigitRows HeldOut(string folder) => new(
        [.. File.ReadAllBytes(Path.Combine(folder, "digits.bin")).Chunk(Pixels)],
        [.. File.ReadAllText(Path.Combine(folder, "labels.txt")).Trim().Select(label => label - '0')]);

    /// <summary>The rows from <paramref name="from"/> up to but not including <paramref name="to"/>.</summary>
    public DigitRows Slice(int from, int to) => new(images[from..to], labels[from..to]);
}
