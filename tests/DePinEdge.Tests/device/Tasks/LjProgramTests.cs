using System.Buffers.Binary;
using System.Globalization;
using DePinEdge.Agent.Tasks;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

public class LjProgramTests
{
    private const double Scale = 4_294_967_296;

    private readonly TaskRunner _runner = new(SampleProgram.Load("lj"));

    // Published by NIST, "Lennard-Jones Fluid Reference Calculations: Cuboid Cell", cut off at 3 sigma.
    [Theory]
    [InlineData(1, 800, 210, "-4.3515E+03")]
    [InlineData(4, 30, 1, "-1.6790E+01")]
    public void A_reference_configuration_has_the_published_energy(int configuration, int particles, int tasks, string published)
    {
        var text = Configuration(configuration);
        Assert.Equal(particles, Positions(text).Length);
        var inputs = SampleJobLj.Cut(text);
        Assert.Equal(tasks, inputs.Count);
        Assert.Equal(published, SampleJobLj.Text(inputs.Sum(input => Energy(Run(input)))));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(4, 8)]
    public void Each_task_is_within_its_stated_bound_of_plain_doubles(int configuration, double edge)
    {
        var particles = Positions(Configuration(configuration));
        var blocks = particles.Chunk(SampleJobLj.BlockMax).ToArray();
        var tasks = (from first in Enumerable.Range(0, blocks.Length) from second in Enumerable.Range(first, blocks.Length - first) select (first, second)).ToArray();
        var inputs = SampleJobLj.Cut(Configuration(configuration));
        var (worst, worstBound, whole) = (0.0, 0.0, 0.0);
        for (var task = 0; task < tasks.Length; task++)
        {
            var (first, second) = tasks[task];
            double exact = 0, bound = 0;
            for (var i = 0; i < blocks[first].Length; i++)
            {
                for (var j = first == second ? i + 1 : 0; j < blocks[second].Length; j++)
                {
                    var r = Distance(blocks[first][i], blocks[second][j], edge);
                    Assert.False(Math.Abs(r - SampleJobLj.Cutoff) < 1e-7, "a pair at the cutoff itself may fall to either side");
                    if (r >= SampleJobLj.Cutoff)
                        continue;
                    exact += 4 * (Math.Pow(r, -12) - Math.Pow(r, -6));
                    bound += Bound(r, edge);
                }
            }
            var difference = Math.Abs(Energy(Run(inputs[task])) / Scale - exact);
            Assert.True(difference <= bound, $"task {task}: {difference:E2} away, bound {bound:E2}");
            (worst, worstBound, whole) = (Math.Max(worst, difference), Math.Max(worstBound, bound), whole + bound);
        }
        // What lj/README.md states.
        Assert.InRange(worstBound, 0, 3.5e-6);
        Assert.InRange(worst, 0, 5e-7);
        Assert.InRange(whole, 0, 5e-4);
    }

    [Fact]
    public void Two_particles_have_the_energy_of_the_formula_at_every_distance_and_across_the_boxs_faces()
    {
        const double edge = 10;
        var random = new Random(20260719);
        for (var n = 0; n < 5_000; n++)
        {
            // A particle anywhere and another at a chosen distance in a random direction, the box wrapped around.
            var from = new[] { random.NextDouble() * 10, random.NextDouble() * 10, random.NextDouble() * 10 };
            var direction = new[] { random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5 };
            var length = Math.Sqrt(direction.Sum(d => d * d));
            var distance = 0.72 + random.NextDouble() * 2.6;
            var to = from.Zip(direction, (f, d) => f + d / length * distance).ToArray();
            var r = Distance(from, to, edge);
            if (Math.Abs(r - 3) < 1e-7)
                continue;
            var exact = r < 3 ? 4 * (Math.Pow(r, -12) - Math.Pow(r, -6)) : 0;
            var within = Energy(Run(Input(edge, [from, to], 2, 0))) / Scale;
            Assert.InRange(within - exact, -Bound(r, edge), Bound(r, edge));
            Assert.Equal(within, Energy(Run(Input(edge, [from, to], 1, 1))) / Scale);
        }
    }

    [Fact]
    public void The_well_is_one_deep_and_the_diameter_is_where_energy_is_zero()
    {
        double[] origin = [0, 0, 0];
        Assert.InRange(Energy(Run(Input(10, [origin, [Math.Pow(2, 1.0 / 6), 0, 0]], 1, 1))) / Scale, -1.00000001, -0.99999999);
        Assert.InRange(Energy(Run(Input(10, [origin, [1, 0, 0]], 1, 1))) / Scale, -1e-6, 1e-6);
    }

    [Fact]
    public void A_pair_at_the_cutoff_does_not_count_and_one_just_within_does()
    {
        var input = Input(10, [[0, 0, 0], [2.5, 0, 0]], 1, 1);
        // A quarter of the edge: the square of the distance is 2^60 exactly.
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), 1UL << 60);
        Assert.Equal(0, Energy(Run(input)));
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), (1UL << 60) + 1);
        Assert.InRange(Energy(Run(input)) / Scale, -0.0164, -0.0163);
    }

    [Fact]
    public void Particles_that_overlap_give_a_status_and_those_just_apart_do_not()
    {
        var input = Input(10, [[0, 0, 0], [2.5, 0, 0]], 1, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), 1UL << 62);
        // The diameter is a quarter of the edge at most; the distance is a quarter of the edge: half the square is the edge of what is taken.
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(20 + 12), 1 << 29);
        BinaryPrimitives.WriteUInt64LittleEndian(input, 1UL << 59);
        Assert.Equal(3, _runner.RunTask(1_000_000, input).Status);
        BinaryPrimitives.WriteUInt64LittleEndian(input, (1UL << 59) - 2);
        Assert.InRange(Energy(Run(input)) / Scale, 223.999, 224);
    }

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(41, 0, 2)]
    [InlineData(1, 41, 2)]
    [InlineData(1, 1, 0)]
    public void Blocks_of_another_size_give_a_status(int a, int b, int status)
    {
        var input = new byte[20 + 12 * (a + b)];
        Input(10, [[0, 0, 0], [2, 0, 0]], a, b)[..Math.Min(input.Length, 44)].CopyTo(input, 0);
        Assert.Equal(status, _runner.RunTask(1_000_000, input).Status);
        if (status != 0)
            return;
        Assert.Equal(1, _runner.RunTask(1_000_000, input[..^1]).Status);
        Assert.Equal(1, _runner.RunTask(1_000_000, [.. input, 0]).Status);
        Assert.Equal(1, _runner.RunTask(1_000_000, input[..19]).Status);
    }

    [Theory]
    [InlineData(0UL, 1UL << 60, 4)]
    [InlineData((1UL << 60) + 1, 1UL << 60, 4)]
    [InlineData(1UL << 60, (1UL << 62) + 1, 4)]
    [InlineData(1UL << 58, 1UL << 62, 0)]
    [InlineData(1UL, 1UL << 62, 0)]
    public void A_diameter_or_cutoff_out_of_range_gives_a_status(ulong sigmaSq, ulong cutoffSq, int status)
    {
        var input = Input(10, [[0, 0, 0], [4, 0, 0]], 1, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(input, sigmaSq);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), cutoffSq);
        Assert.Equal(status, _runner.RunTask(1_000_000, input).Status);
    }

    [Fact]
    public void A_task_takes_seventy_six_thousand_fuel_at_most_and_all_fifteen_million()
    {
        var fuel = SampleJobLj.Cut(Configuration(1)).Select(input => Run(input).Fuel).ToArray();
        Assert.InRange(fuel.Max(), 76_000, 76_500);
        Assert.InRange(fuel.Sum(), 15_000_000, 15_100_000);
    }

    // Derived in lj/README.md: q = r^-2 is within 1.07 * 2^-29, each of its powers rounded to 2^-29, the energy to 2^-33; coordinates to 2^-33 of the
    // edge each, so that a distance is within sqrt(3) * 2^-32 of the edge.
    private static double Bound(double r, double edge)
    {
        var q = 1 / (r * r);
        var ofQ = Math.Abs(4 * (6 * Math.Pow(q, 5) - 3 * q * q)) * 1.07 + Math.Abs(4 * (2 * Math.Pow(q, 3) - 1)) * (q + 1);
        var ofR = Math.Abs(4 * (12 * Math.Pow(r, -13) - 6 * Math.Pow(r, -7))) * Math.Sqrt(3) * edge * Math.Pow(2, -32);
        return 1.001 * (ofQ * Math.Pow(2, -29) + ofR) + Math.Pow(2, -32);
    }

    private static double Distance(double[] a, double[] b, double edge) => Math.Sqrt(a.Zip(b, (x, y) =>
    {
        var d = x - y - edge * Math.Round((x - y) / edge);
        return d * d;
    }).Sum());

    private static byte[] Input(double edge, double[][] particles, int a, int b)
    {
        var input = new byte[20 + 12 * particles.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(input, (ulong)Math.Round(Scale * Scale / (edge * edge)));
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), (ulong)Math.Round(Scale * Scale * 9 / (edge * edge)));
        BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(16), (ushort)a);
        BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(18), (ushort)b);
        for (var n = 0; n < particles.Length; n++)
            for (var axis = 0; axis < 3; axis++)
                BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(20 + 12 * n + 4 * axis), unchecked((uint)(long)Math.Round(particles[n][axis] / edge * Scale)));
        return input;
    }

    private static string Configuration(int number) => File.ReadAllText(SampleProgram.File("lj", $"lj_sample_config_periodic{number}.txt"));

    private static double[][] Positions(string configuration) =>
        [.. configuration.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..4]
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];

    private static long Energy(TaskOutcome outcome) => BinaryPrimitives.ReadInt64LittleEndian(outcome.Output);

    private TaskOutcome Run(byte[] input)
    {
        var outcome = _runner.RunTask(1_000_000, input);
        Assert.Equal((0, TrapCode.None), (outcome.Status, outcome.Trap));
        return outcome;
    }
}
