using System.CommandLine;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`device invite|ls|show`.</summary>
internal static class DeviceCommands
{
    public static Command Create() => new("device", "Boards and their join codes.") { Invite(), List(), ShowOne() };

    private static Command Invite()
    {
        var name = new Option<string>("--name") { Description = "Device id to give: 1 to 32 of a-z, 0-9 and '-'; by default the board's own name.", DefaultValueFactory = _ => "" };
        var owner = new Option<string>("--owner") { Description = "Whose credits they are; may be claimed later.", DefaultValueFactory = _ => "" };
        var minutes = new Option<int>("--minutes") { Description = "How long the code may be used; 0: 15 minutes.", DefaultValueFactory = _ => 0 };
        return Cli.Verb("invite", "Make a join code for one board; it is shown once.", "depin device invite --name greenhouse-1", [name, owner, minutes], async (call, cancel) =>
        {
            using var client = call.Connect();
            var invite = await client.InviteAsync(call.Parsed.GetValue(name)!, call.Parsed.GetValue(owner)!, call.Parsed.GetValue(minutes) * 60_000L, cancel);
            return call.WriteOne(
                invite, ClientJson.Default.Invite,
                ("join code", invite.JoinCode), ("device", Show.Or(invite.Name, "the board's own name")), ("owner", Show.Or(invite.Owner, "claimed later")),
                ("good until", Show.Time(invite.ExpiresUtcMs)));
        });
    }

    private static Command List() => Cli.Verb("ls", "List the devices.", "depin device ls", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return call.WriteList(
            await client.DevicesAsync(cancel), ClientJson.Default.Device,
            new TextTable("DEVICE", "BOARD", "UNIT", "STATE", "#FUEL/S", "#TASKS", "#REFUSED", "#CREDITS"),
            d => [d.Id, d.Board, Show.Or(d.Unit), d.State, Show.Count(d.FuelPerSecond), Show.Count(d.TasksOk), Show.Count(d.TasksRefused), Show.Credits(d.EarnedMicro)]);
    });

    private static Command ShowOne()
    {
        var id = new Argument<string>("ID") { Description = "The device's id." };
        var receipts = new Option<bool>("--receipts") { Description = "Its last receipts as well: what was paid or refused, and why." };
        return Cli.Verb("show", "Show one device.", "depin device show esp32-01 --receipts", [id, receipts], async (call, cancel) =>
        {
            using var client = call.Connect();
            var d = await client.DeviceAsync(call.Parsed.GetValue(id)!, cancel);
            call.WriteOne(
                d, ClientJson.Default.Device,
                ("device", d.Id), ("owner", Show.Or(d.Owner, "unclaimed")), ("board", $"{d.Board} ({d.Chip}), firmware {d.Firmware}"),
                ("state", d.State + (d.HeldReason.Length > 0 ? $", held: {d.HeldReason}" : "")), ("unit", Show.Or(d.Unit)),
                ("rate", Show.Count(d.FuelPerSecond) + " fuel/s"), ("memory", Show.Count(d.MemoryBytesMax) + " bytes"),
                ("tasks", $"{Show.Count(d.TasksOk)} ok, {Show.Count(d.TasksRefused)} refused, {d.OpenBatches} batches open"),
                ("credits", $"{Show.Credits(d.EarnedMicro)} earned, {Show.Credits(d.AvailableMicro)} available, {Show.Credits(d.HeldMicro)} held"),
                ("joined", Show.Time(d.JoinedUtcMs)), ("last seen", Show.Time(d.LastSeenUtcMs)), ("last refusal", Show.Or(d.LastRefusal)),
                ("telemetry", Show.Or(d.Telemetry)));
            if (!call.Parsed.GetValue(receipts))
                return ExitCodes.Ok;
            call.WriteList(
                await client.ReceiptsAsync(d.Id, cancel), ClientJson.Default.Receipt,
                new TextTable("TIME", "BATCH", "JOB", "#TASK", "REASON", "#FUEL", "#CREDITS", "DETAIL"),
                r => [Show.Time(r.UtcMs), r.Batch, r.Job, Show.Count(r.Task), r.Reason, Show.Count(r.Fuel), Show.Credits(r.RewardMicro), r.Detail]);
            if (!call.Json)
                call.Out.WriteLine("depin explain REASON says what a reason means and what would change it.");
            return ExitCodes.Ok;
        });
    }
}
