// The demo's Lennard-Jones fluid, and how a box of particles is cut into tasks.
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// device/programs/lj on NIST's first reference configuration: 800 particles in blocks of 40, one task for each block and for each pair of
/// blocks. Every pair of particles is in exactly one task, so that the sum over the tasks is the energy of the fluid.
/// </summary>
internal static class SampleJobLj
{
    /// <summary>Most particles of a block: two blocks and the head fit into a task's input.</summary>
    public const int BlockMax = 40;

    /// <summary>The cutoff of the published energies, in diameters.</summary>
    public const int Cutoff = 3;

    private const int HeadBytes = 20;
    private const int ParticleBytes = 12;

    /// <summary>2^32: the box in units of a coordinate, and an energy's unit in the program's output.</summary>
    private const double Scale = 4_294_967_296;

    public static SampleJob Create() => new()
    {
        Name = "lj",
        Title = "energy of 800 Lennard-Jones particles",
        Wasm = SampleJobFiles.Wasm("lj"),
        Inputs = Cut(Encoding.ASCII.GetString(SampleJobFiles.Read("lj_sample_config_periodic1.txt"))),
        Expected = "-4.3515E+03",
        Source = "as published by NIST",
        Answer = (job, _) => long.TryParse(job.Answer, NumberStyles.Integer, CultureInfo.InvariantCulture, out var energy) ? Text(energy) : null,
    };

    /// <summary>An energy as NIST writes it: five digits.</summary>
    public static string Text(long energy) => (energy / Scale).ToString("0.0000E+00", CultureInfo.InvariantCulture);

    /// <summary>
    /// The tasks' inputs of a configuration in NIST's form: a line with the box's three edges, which must be equal; a line with the number of
    /// particles; a line for each with its number and x, y, z in diameters. Blocks are cut in the order of the file.
    /// </summary>
    public static IReadOnlyList<byte[]> Cut(string configuration)
    {
        var lines = configuration.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Numbers).ToArray();
        var edge = lines[0][0];
        Invariant.Require(lines[0].All(e => e == edge) && lines[1][0] == lines.Length - 2, "the configuration is not a cubic box in NIST's form");
        var blocks = lines[2..].Select(line => Particle(line.AsSpan(1), edge)).Chunk(BlockMax).ToArray();
        var inputs = new List<byte[]>();
        for (var first = 0; first < blocks.Length; first++)
        {
            inputs.Add(Input(edge, blocks[first], []));
            for (var second = first + 1; second < blocks.Length; second++)
                inputs.Add(Input(edge, blocks[first], blocks[second]));
        }
        return inputs;
    }

    private static byte[] Input(double edge, byte[][] first, byte[][] second)
    {
        var input = new byte[HeadBytes + ParticleBytes * (first.Length + second.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(input, InEdges(1 / (edge * edge)));
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), InEdges(Cutoff * Cutoff / (edge * edge)));
        BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(16), (ushort)first.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(18), (ushort)second.Length);
        first.Concat(second).SelectMany(particle => particle).ToArray().CopyTo(input, HeadBytes);
        return input;

        static ulong InEdges(double square) => (ulong)Math.Round(square * Scale * Scale);
    }

    /// <summary>Coordinates in units of the edge / 2^32; what lies outside of the box wraps around, as the box itself does.</summary>
    private static byte[] Particle(ReadOnlySpan<double> position, double edge)
    {
        var bytes = new byte[ParticleBytes];
        for (var axis = 0; axis < 3; axis++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * axis), unchecked((int)(long)Math.Round(position[axis] / edge * Scale)));
        return bytes;
    }

    private static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
