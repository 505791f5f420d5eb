using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class PrimesProgramTests
{
    [Fact]
    public void The_embedded_program_is_the_repositorys() =>
        Assert.Equal(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm")), PrimesProgram.Read());

    [Fact]
    public void Its_manifest_takes_the_demos_parameters()
    {
        var manifest = ProgramLoader.Load(PrimesProgram.Read()).Program!.Manifest;
        Assert.Equal(("primes", ProgramReduce.Sum, ProgramOutput.U32), (manifest.Name, manifest.Reduce, manifest.Output));
        Assert.True(manifest.TryEncodeParameters(PrimesProgram.Parameters(1_000_000, 500), out var tail, out _));
        Assert.Equal(Convert.FromHexString("F401000040420F0000000000"), tail);
    }
}
