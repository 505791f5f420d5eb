using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Host.Crash;

/// <summary>Simulated boards in a process of their own, alive while gateways die. Arguments: MQTT port, join codes. It answers every line with its
/// boards' counters and ends with its input.</summary>
internal static class BoardsProcess
{
    public static async Task<int> RunAsync(string[] args)
    {
        var boards = args[1..].Select((code, i) => new BoardSpec($"board-{i}", BoardProfile.Pi, new MemoryKeyStore(), code, (ulong)i + 1)).ToList();
        await using var fleet = new SimulatedFleet(
            new FleetOptions { Port = int.Parse(args[0]), Pace = Pace.None, ReconnectWaitMaxMs = 50, Workers = 1 }, boards);
        fleet.Start();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(string.Join(" | ", fleet.Boards.Select(board => board.Counters)));
        await fleet.StopAsync();
        return 0;
    }
}
