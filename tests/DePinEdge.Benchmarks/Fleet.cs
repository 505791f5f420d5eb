using DePinEdge.Client;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Benchmarks;

/// <summary>
/// Boards for a load run: four ESP32 to one Pico W, at their own pace or flat out. Boards of the Raspberry Pi class are left out, because
/// one of them at its own pace does the work of a hundred others and would make the run a measurement of this machine's interpreter.
/// </summary>
internal static class Fleet
{
    private const int InvitesAtOnce = 16;

    /// <summary>Fuel per second of the fleet at its own pace.</summary>
    public static double FuelPerSecond(int boards) =>
        Enumerable.Range(0, boards).Sum(i => (double)Profile(i).FuelPerSecond);

    /// <summary>Invites the boards, starts them and waits until all are online.</summary>
    public static async Task<SimulatedFleet> StartAsync(GatewayProcess gateway, int boards, bool flatOut, CancellationToken cancel)
    {
        var codes = new string[boards];
        await Parallel.ForEachAsync(Enumerable.Range(0, boards), new ParallelOptions { MaxDegreeOfParallelism = InvitesAtOnce, CancellationToken = cancel },
            async (i, token) => codes[i] = (await gateway.Client.InviteAsync(Name(i), cancel: token)).JoinCode);
        var specs = Enumerable.Range(0, boards).Select(i => new BoardSpec(Name(i), Profile(i), new MemoryKeyStore(), codes[i], (ulong)i + 1)).ToList();
        var fleet = new SimulatedFleet(new FleetOptions { Port = gateway.MqttPort, Pace = flatOut ? Pace.None : Pace.Board }, specs);
        fleet.Start();
        await fleet.WhenAsync(all => all.Counters().Online == boards, cancel);
        return fleet;
    }

    /// <summary>The n-th board's name.</summary>
    public static string Name(int i) => $"{Profile(i).Kind}-{i + 1:0000}";

    private static BoardProfile Profile(int i) => i % 5 == 4 ? BoardProfile.PicoW : BoardProfile.Esp32;
}
