using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class PrimesProgramTests
{
    [Fact]
    public void The_embedded_program_is_the_repositorys()
    {
        var program = PrimesProgram.Load();
        Assert.Equal(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm")), program.Loaded.Wasm);
        Assert.Equal("primes", program.Loaded.Manifest.Name);
    }

    [Fact]
    public void A_sample_bounds_every_task_of_the_demos_job_twice_over()
    {
        var program = PrimesProgram.Load();
        var tail = program.Tail(1_000_000, 500);
        Assert.Equal(Convert.FromHexString("F401000040420F0000000000"), tail);
        var sample = program.Sample(2_000, tail);
        Assert.InRange(sample.MeanFuel, 1_000, sample.MostFuel);
        Assert.True(2 * sample.MostFuel < program.Loaded.Manifest.FuelMax);
    }

    [Fact]
    public void A_job_of_one_task_is_sampled_by_it()
    {
        var program = PrimesProgram.Load();
        var sample = program.Sample(1, program.Tail(100, 500));
        Assert.Equal(sample.MeanFuel, sample.MostFuel);
    }
}
