using System.CommandLine;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`ledger verify|show|export|seal`. Verify and export open the data folder themselves, also while a gateway runs on it.</summary>
internal static class LedgerCommands
{
    public static Command Create() => new("ledger", "The ledger: every credit and why.") { Verify(), ShowState(), Export(), Seal() };

    private static Command Verify()
    {
        var file = new Argument<string?>("FILE") { Description = "An export file; by default the data folder's own ledger.", Arity = ArgumentArity.ZeroOrOne };
        var head = new Option<string[]>("--head") { Description = "A head that left the house earlier (64 hexadecimal digits): the history must contain it." };
        return Cli.Verb("verify", "Re-derive every balance, hash and signature from the records alone.", "depin ledger verify --data ./site", [file, head], (call, _) =>
        {
            var report = Verify(call, call.Parsed.GetValue(file), call.Parsed.GetValue(head));
            var check = LedgerCheck.Of(report);
            call.WriteOne(
                check, CliJson.Default.LedgerCheck,
                ("ledger", $"{check.LedgerId} of site {check.Site}"), ("history", $"{Show.Count(check.Records)} records in {Show.Count(check.Turns)} turns"),
                ("transfers", $"{Show.Count(check.Transfers)}, {Show.Count(check.TasksPaid)} tasks paid"),
                ("credits", $"{Show.Credits(check.IssuedMicro)} issued, {Show.Credits(check.PostedMicro)} posted, {Show.Credits(check.ChargedMicro)} charged"),
                ("epochs", $"{check.Epochs}, {check.EpochsSigned} signed"), ("head", check.Head), ("verdict", check.Verified ? "verified" : $"{check.ErrorCount} errors"));
            if (report.Ok)
                return Task.FromResult(ExitCodes.Ok);
            foreach (var error in report.Errors)
                call.Error.WriteLine("error: " + error);
            return Task.FromResult(ExitCodes.VerificationFailed);
        });
    }

    private static VerifyReport Verify(CliCall call, string? file, string[]? heads)
    {
        if (file is null)
        {
            using var turns = TurnFile.Open(call.Data);
            return LedgerVerifier.Verify(turns.ReadAll(), heads);
        }
        if (Directory.Exists(file))
            throw new HostException($"{file} is a folder, not an export file", $"a data folder is verified with --data {file}", ExitCodes.BadData);
        using var stream = File.OpenRead(file);
        return LedgerVerifier.Verify(LedgerExport.Read(stream), heads);
    }

    private static Command ShowState() => Cli.Verb("show", "Show the running gateway's ledger in a few lines.", "depin ledger show", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return WriteLedger(call, await client.LedgerAsync(cancel));
    });

    private static Command Seal() => Cli.Verb("seal", "Seal an epoch now: what devices hold becomes available.", "depin ledger seal", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return WriteLedger(call, await client.SealAsync(cancel));
    });

    private static int WriteLedger(CliCall call, LedgerInfo l) => call.WriteOne(
        l, ClientJson.Default.LedgerInfo,
        ("ledger", $"{l.LedgerId} of site {l.Site}"), ("history", $"{Show.Count(l.Records)} records in {Show.Count(l.Turns)} turns"), ("head", l.Head),
        ("epoch", $"{l.Epoch}{(l.Epoch > 0 ? l.EpochSigned ? ", signed" : ", not signed yet" : "")}"), ("epoch root", Show.Or(l.EpochRoot)),
        ("credits", $"{Show.Credits(l.IssuedMicro)} issued, {Show.Credits(l.PostedMicro)} posted, {Show.Credits(l.ReservedMicro)} reserved, {Show.Credits(l.EscrowMicro)} in escrow"),
        ("accounts", $"{Show.Count(l.Accounts)}, {(l.Balanced ? "balanced" : "NOT BALANCED")}"));

    private static Command Export()
    {
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", Required = true };
        var ndjson = new Option<bool>("--ndjson") { Description = "A line of JSON for each record instead of the compact binary form, which is the canonical one." };
        return Cli.Verb("export", "Write the whole history to a file that anybody can verify; no secrets are in it.", "depin ledger export -o ledger.depin", [output, ndjson], (call, _) =>
        {
            var path = call.Parsed.GetValue(output)!;
            using var turns = TurnFile.Open(call.Data);
            using var stream = File.Create(path);
            if (call.Parsed.GetValue(ndjson))
                NdjsonRenderer.Write(stream, turns.ReadAll());
            else
                LedgerExport.Write(stream, turns.ReadAll());
            stream.Flush();
            var done = new ExportDone(Path.GetFullPath(path), turns.LastSeq, stream.Length);
            return Task.FromResult(call.WriteOne(
                done, CliJson.Default.ExportDone, ("file", done.File), ("turns", Show.Count(done.Turns)), ("size", Show.Count(done.Bytes) + " bytes")));
        });
    }
}

/// <summary>What `ledger export --json` prints.</summary>
internal sealed record ExportDone(string File, long Turns, long Bytes);
