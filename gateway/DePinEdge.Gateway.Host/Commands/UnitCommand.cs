using System.CommandLine;
using System.Globalization;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`unit ls`.</summary>
internal static class UnitCommand
{
    public static Command Create() => new("unit", "Compute units: sets of like devices.")
    {
        Cli.Verb("ls", "List the compute units.", "depin unit ls", [], async (call, cancel) =>
        {
            using var client = call.Connect();
            return call.WriteList(
                await client.UnitsAsync(cancel), ClientJson.Default.Unit,
                new TextTable("UNIT", "BOARD", "#ONLINE", "#FUEL/S", "#BATCHES", "#TASKS", "#ON TIME"),
                u => [u.Id, u.Board, $"{u.Online}/{u.Members}", Show.Count(u.FuelPerSecond), Show.Count(u.OpenBatches), Show.Count(u.TasksOk),
                    u.OnTime.ToString("0.0 %", CultureInfo.InvariantCulture)]);
        }),
    };
}
