using DePinEdge.Agent.Wire;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator.Hardware;

public class BoardProfileTests
{
    public static TheoryData<string> Kinds => [.. BoardProfile.All.Select(p => p.Kind)];

    [Fact]
    public void Every_kind_is_found_by_its_name_and_no_other_is()
    {
        Assert.Equal(["esp32", "picow", "pi"], BoardProfile.All.Select(p => p.Kind));
        Assert.All(BoardProfile.All, p => Assert.Same(p, BoardProfile.Find(p.Kind)));
        Assert.Null(BoardProfile.Find("toaster"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_birth_made_of_the_profile_fits_its_frame(string kind)
    {
        var profile = BoardProfile.Find(kind)!;
        var birth = new Birth
        {
            Board = profile.Board,
            Chip = profile.Chip,
            Firmware = "sim-0.1.0",
            EngineVersion = 1,
            AbiVersion = 1,
            FuelPerSecond = profile.FuelPerSecond,
            HeapFreeBytes = profile.HeapBytes,
            SensorBits = profile.Sensors,
            PowerSource = profile.PowerSource,
            LeastHeapBytes = profile.HeapBytes,
            MemoryBytesMax = profile.MemoryBytesMax,
            ImageBytesMax = profile.ImageBytesMax,
        };
        Assert.InRange(birth.Encode(new byte[FrameLimits.BirthBytesMax], 0), 1, FrameLimits.BirthBytesMax);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_profile_promises_no_more_memory_than_its_heap(string kind)
    {
        var profile = BoardProfile.Find(kind)!;
        Assert.True(profile.MemoryBytesMax + profile.ImageBytesMax < profile.HeapBytes);
        Assert.Equal(0, profile.MemoryBytesMax % 256);
        Assert.True(profile.ActiveMw > profile.IdleMw);
        Assert.True(Topics.IsId(profile.Kind));
    }

    [Fact]
    public void Speeds_stand_in_the_order_of_the_chips()
    {
        Assert.InRange(BoardProfile.Esp32.FuelPerSecond, 100_000, 300_000);
        Assert.True(BoardProfile.PicoW.FuelPerSecond < BoardProfile.Esp32.FuelPerSecond);
        Assert.True(BoardProfile.Pi.FuelPerSecond > 10 * BoardProfile.Esp32.FuelPerSecond);
    }
}
