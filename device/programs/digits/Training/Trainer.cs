// From the digits to a network.
namespace DePinEdge.Programs.Digits.Training;

/// <summary>Shows a network the training digits again and again, each time in another order and a little moved.</summary>
internal static class Trainer
{
    /// <summary>Seed of the weights, of the order and of the moves.</summary>
    public const ulong Seed = 1;

    private const int Epochs = 40;
    private const double FirstRate = 0.01;
    private const double Momentum = 0.5;

    /// <summary>The network that these rows give; always the same for the same rows and seed.</summary>
    public static Network Train(DigitRows rows, ulong seed = Seed)
    {
        var chance = new Chance(seed);
        var network = new Network(chance);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var image = new double[DigitRows.Pixels];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var rate = FirstRate * (Epochs - epoch) / Epochs;
            for (var n = order.Length - 1; n > 0; n--)
            {
                var other = chance.Below(n + 1);
                (order[n], order[other]) = (order[other], order[n]);
            }
            foreach (var row in order)
            {
                Move(rows.Image(row), image, chance);
                network.Learn(image, rows.Label(row), rate, Momentum);
            }
        }
        return network;
    }

    /// <summary>Pixels from 0 to 1; half of the images moved by up to a pixel each way, what leaves the edge is lost, and some ink more or less.</summary>
    private static void Move(byte[] from, double[] to, Chance chance)
    {
        var (dx, dy) = chance.Below(2) == 0 ? (0, 0) : (chance.Below(3) - 1, chance.Below(3) - 1);
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var (sx, sy) = (x - dx, y - dy);
                double pixel = sx is >= 0 and < 8 && sy is >= 0 and < 8 ? from[sy * 8 + sx] : 0;
                to[y * 8 + x] = (pixel + chance.Symmetric() * 2) / DigitRows.PixelMax;
            }
        }
    }
}
