// The network while it learns: floating point, one hidden layer.
namespace DePinEdge.Programs.Digits.Training;

/// <summary>
/// 64 pixels, a hidden layer with max(0, x), ten scores; trained by stochastic gradient descent with momentum on the squared distance to
/// 1 for the right class and -1 for the others. Doubles with nothing but + - * / in a fixed order, so that every machine gets the same bits:
/// no exponential, no fused multiply-add, no sum in parallel.
/// </summary>
internal sealed class Network
{
    /// <summary>Neurons of the hidden layer.</summary>
    public const int Hidden = 64;

    /// <summary>Classes: the digits 0 to 9.</summary>
    public const int Classes = 10;

    private const int Inputs = DigitRows.Pixels;

    private readonly double[] hidden = new double[Hidden];
    private readonly double[] errors = new double[Classes];
    private readonly double[] speed1 = new double[Hidden * Inputs];
    private readonly double[] speed2 = new double[Classes * Hidden];
    private readonly double[] speedBias1 = new double[Hidden];
    private readonly double[] speedBias2 = new double[Classes];

    /// <summary>Weights of neuron j and pixel i at j * 64 + i.</summary>
    public double[] Weights1 { get; } = new double[Hidden * Inputs];

    public double[] Bias1 { get; } = new double[Hidden];

    /// <summary>Weights of class k and neuron j at k * Hidden + j.</summary>
    public double[] Weights2 { get; } = new double[Classes * Hidden];

    public double[] Bias2 { get; } = new double[Classes];

    /// <summary>Weights at random, spread so that a layer keeps the size of its input.</summary>
    public Network(Chance chance)
    {
        for (var i = 0; i < Weights1.Length; i++)
            Weights1[i] = chance.Symmetric() * 0.3;
        for (var i = 0; i < Weights2.Length; i++)
            Weights2[i] = chance.Symmetric() * 0.2;
    }

    /// <summary>The hidden layer of an image with pixels from 0 to 1; the array is the network's own and lives until the next call.</summary>
    public double[] Forward(double[] image)
    {
        for (var j = 0; j < Hidden; j++)
        {
            var sum = Bias1[j];
            var at = j * Inputs;
            for (var i = 0; i < Inputs; i++)
                sum += Weights1[at + i] * image[i];
            hidden[j] = sum > 0 ? sum : 0;
        }
        return hidden;
    }

    /// <summary>One step towards the right answer for one image.</summary>
    public void Learn(double[] image, int label, double rate, double momentum)
    {
        Forward(image);
        for (var k = 0; k < Classes; k++)
        {
            var sum = Bias2[k];
            for (var j = 0; j < Hidden; j++)
                sum += Weights2[k * Hidden + j] * hidden[j];
            // A score beyond its goal on the right side is no error.
            var error = k == label ? sum - 1 : sum + 1;
            errors[k] = (k == label) == (error > 0) ? 0 : error;
        }
        for (var j = 0; j < Hidden; j++)
        {
            if (hidden[j] <= 0)
                continue;
            double gradient = 0;
            for (var k = 0; k < Classes; k++)
                gradient += errors[k] * Weights2[k * Hidden + j];
            var at = j * Inputs;
            for (var i = 0; i < Inputs; i++)
                Weights1[at + i] += speed1[at + i] = momentum * speed1[at + i] - rate * gradient * image[i];
            Bias1[j] += speedBias1[j] = momentum * speedBias1[j] - rate * gradient;
        }
        for (var k = 0; k < Classes; k++)
        {
            var step = rate * errors[k];
            for (var j = 0; j < Hidden; j++)
                Weights2[k * Hidden + j] += speed2[k * Hidden + j] = momentum * speed2[k * Hidden + j] - step * hidden[j];
            Bias2[k] += speedBias2[k] = momentum * speedBias2[k] - step;
        }
    }
}
