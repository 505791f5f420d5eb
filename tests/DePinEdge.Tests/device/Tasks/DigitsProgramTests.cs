using System.Buffers.Binary;
using DePinEdge.Agent.Tasks;
using DePinEdge.Programs.Digits.Training;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

public class DigitsProgramTests
{
    private static readonly string Folder = RepositoryRoot.Of("device", "programs", "digits");
    private static readonly DigitRows Training = DigitRows.Training(Folder);
    private static readonly DigitRows HeldOut = DigitRows.HeldOut(Folder);
    private static readonly Lazy<IntegerNetwork> Trained = new(() => new IntegerNetwork(Trainer.Train(Training), Training));

    private readonly TaskRunner _runner = new(SampleProgram.Load("digits"));

    [Fact]
    public void The_data_are_those_of_the_publication_and_no_held_out_digit_is_among_the_training()
    {
        Assert.Equal((3_823, 1_797), (Training.Count, HeldOut.Count));
        int[] counts = [376, 389, 380, 389, 387, 376, 377, 387, 380, 382];
        Assert.Equal(counts, Enumerable.Range(0, 10).Select(digit => Enumerable.Range(0, Training.Count).Count(row => Training.Label(row) == digit)));
        int[] heldOut = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        Assert.Equal(heldOut, Enumerable.Range(0, 10).Select(digit => Enumerable.Range(0, HeldOut.Count).Count(row => HeldOut.Label(row) == digit)));
        var seen = Enumerable.Range(0, Training.Count).Select(row => Convert.ToHexString(Training.Image(row))).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, HeldOut.Count), row => seen.Contains(Convert.ToHexString(HeldOut.Image(row))));
        foreach (var rows in new[] { Training, HeldOut })
            for (var row = 0; row < rows.Count; row++)
                Assert.True(rows.Image(row).Length == 64 && rows.Image(row).All(pixel => pixel <= 16));
    }

    [Fact]
    public void Training_again_gives_the_committed_weights_to_the_byte() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "weights.h")), Trained.Value.ToHeader());

    [Fact]
    public void Every_held_out_digit_has_the_class_and_the_scores_of_the_plain_network()
    {
        var right = 0;
        for (var row = 0; row < HeldOut.Count; row++)
        {
            var image = HeldOut.Image(row);
            var answer = Run(image);
            Assert.Equal(Trained.Value.Classify(image), Assert.Single(answer));
            Assert.Equal(Trained.Value.Scores(image), Scores(Run([.. image, 1])));
            right += answer[0] == HeldOut.Label(row) ? 1 : 0;
        }
        Assert.Equal(1_750, right);
        Assert.Equal(right, Trained.Value.Right(HeldOut));
        Assert.InRange((double)right / HeldOut.Count, 0.97, 1);
    }

    [Fact]
    public void Any_image_at_all_has_the_scores_of_the_plain_network()
    {
        var random = new Random(20260719);
        for (var n = 0; n < 500; n++)
        {
            var image = new byte[64];
            for (var i = 0; i < image.Length; i++)
                image[i] = (byte)(n % 2 == 0 ? random.Next(17) : 16 * random.Next(2));
            Assert.Equal(Trained.Value.Scores(image), Scores(Run([.. image, 0])));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    public void Several_images_give_a_class_each(int images, int bytes) =>
        Assert.Equal(Enumerable.Range(0, images).Select(row => (byte)Trained.Value.Classify(HeldOut.Image(row))), Run(Images(images))[..bytes]);

    [Fact]
    public void Six_images_can_be_scored_at_once()
    {
        var output = Run([.. Images(6), 0]);
        Assert.Equal(240, output.Length);
        Assert.Equal(Trained.Value.Scores(HeldOut.Image(5)), Scores(output[200..]));
        Assert.Equal(1, _runner.RunTask(2_000_000, [.. Images(7), 0]).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(66)]
    [InlineData(1023)]
    public void An_input_of_another_length_gives_a_status(int bytes) => Assert.Equal(1, _runner.RunTask(2_000_000, new byte[bytes]).Status);

    [Fact]
    public void A_pixel_past_full_gives_a_status()
    {
        var input = Images(2);
        input[127] = 16;
        Assert.Equal(0, _runner.RunTask(2_000_000, input).Status);
        input[127] = 17;
        Assert.Equal(2, _runner.RunTask(2_000_000, input).Status);
    }

    [Fact]
    public void An_image_takes_thirty_seven_thousand_fuel_and_a_full_task_a_third_of_the_bound()
    {
        Assert.InRange(_runner.RunTask(2_000_000, Images(1)).Fuel, 35_000, 37_000);
        Assert.InRange(_runner.RunTask(2_000_000, Images(16)).Fuel, 570_000, SampleProgram.Load("digits").Manifest.FuelMax / 3);
    }

    private static byte[] Images(int count) => [.. Enumerable.Range(0, count).SelectMany(HeldOut.Image)];

    private static int[] Scores(byte[] output) =>
        [.. Enumerable.Range(0, 10).Select(k => BinaryPrimitives.ReadInt32LittleEndian(output.AsSpan(4 * k)))];

    private byte[] Run(byte[] input)
    {
        var outcome = _runner.RunTask(2_000_000, input);
        Assert.Equal((0, TrapCode.None), (outcome.Status, outcome.Trap));
        return outcome.Output;
    }
}
