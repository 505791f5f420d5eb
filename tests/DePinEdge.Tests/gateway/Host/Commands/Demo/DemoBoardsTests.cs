using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public sealed class DemoBoardsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depin-boards-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(12, "8 esp32, 2 picow, 2 pi")]
    [InlineData(1, "1 esp32")]
    [InlineData(6, "4 esp32, 1 picow, 1 pi")]
    [InlineData(24, "16 esp32, 4 picow, 4 pi")]
    public void Boards_come_in_the_demos_mixture(int count, string kinds) => Assert.Equal(kinds, new DemoBoards(folder, count, 1).Kinds);

    [Fact]
    public async Task Every_board_has_its_own_name_code_and_seed()
    {
        var specs = await new DemoBoards(folder, 12, 1).SpecsAsync(new HashSet<string>(), name => Task.FromResult("code for " + name), 4);
        Assert.Equal(12, specs.Select(s => s.Name).Distinct().Count());
        Assert.Equal(12, specs.Select(s => s.Seed).Distinct().Count());
        Assert.All(specs, s => Assert.Equal("code for " + s.Name, s.JoinCode));
        Assert.Equal(["esp32-01", "esp32-02", "esp32-03", "esp32-04", "picow-01", "pi-01"], specs.Take(6).Select(s => s.Name));
    }

    [Fact]
    public async Task A_board_with_a_key_that_the_gateway_knows_needs_no_code()
    {
        var first = await new DemoBoards(folder, 3, 1).SpecsAsync(new HashSet<string>(), _ => Task.FromResult("code"), 1);
        Assert.True(first[0].KeyStore.Save([1]));
        Assert.True(first[1].KeyStore.Save([1]));

        // 01 is known with its key, 02 has a key that nobody knows, 03 is known but lost its key.
        var asked = new List<string>();
        var again = await new DemoBoards(folder, 3, 1).SpecsAsync(
            new HashSet<string> { "esp32-01", "esp32-03" },
            name =>
            {
                asked.Add(name);
                return Task.FromResult("code");
            },
            1);
        Assert.Equal([null, "code", "code"], again.Select(s => s.JoinCode));
        Assert.Equal(["esp32-02", "esp32-03"], asked);
        Assert.True(again[0].KeyStore.Load(new byte[1]));
        Assert.False(again[1].KeyStore.Load(new byte[1]));
    }
}
