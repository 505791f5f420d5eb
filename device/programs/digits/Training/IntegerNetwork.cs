// The network as boards run it: integers only.
using System.Globalization;
using System.Text;

namespace DePinEdge.Programs.Digits.Training;

/// <summary>
/// Weights of 8 bits, sums of 32. A hidden neuron is h = min(255, max(0, sum) * Multiplier >> Shift); a class's score is the sum over the
/// hidden layer. This is the plain twin of digits.c, and what writes its weights.h.
/// </summary>
internal sealed class IntegerNetwork
{
    /// <summary>Hidden neurons end here: eight bits without a sign.</summary>
    private const int HiddenMax = 255;

    /// <summary>Bits behind the point of <see cref="Multiplier"/>.</summary>
    private const int Shift = 16;

    private readonly sbyte[] weights1;
    private readonly sbyte[] weights2;
    private readonly int[] bias1;
    private readonly int[] bias2;

    /// <param name="network">The trained network.</param>
    /// <param name="rows">Rows that show how large hidden neurons become: the training rows.</param>
    public IntegerNetwork(Network network, DigitRows rows)
    {
        var scale1 = 127 / Largest(network.Weights1);
        var scale2 = 127 / Largest(network.Weights2);
        var hiddenScale = HiddenMax / LargestHidden(network, rows);
        weights1 = [.. network.Weights1.Select(w => (sbyte)Round(w * scale1))];
        weights2 = [.. network.Weights2.Select(w => (sbyte)Round(w * scale2))];
        bias1 = [.. network.Bias1.Select(b => Round(b * scale1 * DigitRows.PixelMax))];
        bias2 = [.. network.Bias2.Select(b => Round(b * scale2 * hiddenScale))];
        Multiplier = Round(hiddenScale / (scale1 * DigitRows.PixelMax) * (1 << Shift));
    }

    /// <summary>From a sum of the first layer to a hidden neuron, times 2^16.</summary>
    public int Multiplier { get; }

    /// <summary>The scores of the ten classes.</summary>
    public int[] Scores(byte[] image)
    {
        var hidden = new int[Network.Hidden];
        for (var j = 0; j < hidden.Length; j++)
        {
            var sum = bias1[j];
            for (var i = 0; i < image.Length; i++)
                sum += weights1[j * image.Length + i] * image[i];
            hidden[j] = (int)Math.Min(HiddenMax, (long)Math.Max(0, sum) * Multiplier >> Shift);
        }
        var scores = new int[Network.Classes];
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = bias2[k];
            for (var j = 0; j < hidden.Length; j++)
                scores[k] += weights2[k * hidden.Length + j] * hidden[j];
        }
        return scores;
    }

    /// <summary>The class with the highest score; the first of equal ones.</summary>
    public int Classify(byte[] image)
    {
        var scores = Scores(image);
        return Array.IndexOf(scores, scores.Max());
    }

    /// <summary>How many of the rows it gets right.</summary>
    public int Right(DigitRows rows) => Enumerable.Range(0, rows.Count).Count(row => Classify(rows.Image(row)) == rows.Label(row));

    /// <summary>The weights as the header that digits.c includes.</summary>
    public string ToHeader()
    {
        var text = new StringBuilder("/* Made by device/programs/digits/Training; not to be edited. */\n");
        text.Append(CultureInfo.InvariantCulture, $"#define HIDDEN {Network.Hidden}\n#define MULTIPLIER {Multiplier}\n#define SHIFT {Shift}\n");
        Append(text, "signed char W1[HIDDEN * 64]", weights1.Select(w => (int)w));
        Append(text, "int B1[HIDDEN]", bias1);
        Append(text, "signed char W2[10 * HIDDEN]", weights2.Select(w => (int)w));
        Append(text, "int B2[10]", bias2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string declaration, IEnumerable<int> values)
    {
        text.Append(CultureInfo.InvariantCulture, $"static const {declaration} = {{\n");
        foreach (var line in values.Chunk(32))
            text.AppendJoin(',', line.Select(value => value.ToString(CultureInfo.InvariantCulture))).Append(",\n");
        text.Append("};\n");
    }

    private static double Largest(double[] values) => values.Max(Math.Abs);

    private static double LargestHidden(Network network, DigitRows rows)
    {
        double largest = 0;
        for (var row = 0; row < rows.Count; row++)
            largest = Math.Max(largest, network.Forward([.. rows.Image(row).Select(pixel => (double)pixel / DigitRows.PixelMax)]).Max());
        return largest;
    }

    private static int Round(double value) => (int)Math.Floor(value + 0.5);
}
