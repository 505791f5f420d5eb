using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>The domain: devices, jobs, verdicts, credits.</summary>
internal static class DomainMetrics
{
    public static void Write(MetricsText text, CoreMetrics core, double[] verdictBounds)
    {
        var c = core.Counters;
        text.Gauge("depin_devices", "Devices by state.", "state", core.Devices);
        text.Gauge("depin_devices_online", "Devices with an open session.", c.DevicesOnline);
        text.Gauge("depin_units", "Compute units.", c.Units);
        text.Gauge("depin_jobs", "Jobs kept, by state.", "state", core.Jobs);
        text.Gauge("depin_programs", "Programs in the library.", core.Programs);
        text.Counter("depin_tasks_total", "Tasks judged, by reason.", "reason", core.TasksByReason);
        text.Counter("depin_tasks_recomputed_equal_total", "Results equal to the gateway's own run.", c.RecomputedEqual);
        text.Counter("depin_tasks_judged_total", "Tasks judged.", c.TasksJudged);
        text.Counter("depin_tasks_paid_total", "Tasks paid.", c.TasksPaid);
        text.Counter("depin_results_refused_total", "Results refused after running them again.", c.ResultsRefused);
        text.Counter("depin_refused_total", "Frames, joins, log-ins and reports refused, by reason.", "reason", core.RefusedByReason);
        text.Counter("depin_reports_late_total", "Reports that came after their lease.", c.LateResults);
        text.Counter("depin_reports_duplicate_total", "Reports on a batch that was answered.", c.DuplicateReports);
        text.Counter("depin_batches_dispatched_total", "Batches sent, those sent again included.", c.BatchesDispatched);
        text.Counter("depin_leases_expired_total", "Leases that ran out.", c.LeasesExpired);
        text.Gauge("depin_leases", "Leases that are open.", core.OpenLeases);
        text.Counter("depin_frames_bad_total", "Frames of boards ignored.", c.FramesBad);
        text.Counter("depin_logins_refused_total", "Log-ins refused.", c.LoginsRefused);
        text.Counter("depin_joins_refused_total", "Join messages refused.", c.JoinsRefused);
        text.Counter("depin_telemetry_reports_total", "Telemetry reports of boards.", core.TelemetryReports);
        text.Counter("depin_fuel_paid_total", "Fuel of paid tasks.", core.FuelPaid);
        text.Histogram("depin_verdict_seconds", "From a report to its verdict.", verdictBounds, core.VerdictBuckets, core.VerdictSeconds);
        text.Gauge("depin_dispatch_paused", "1 while nothing new is dispatched because the disk is full.", core.Paused ? 1 : 0);
        text.Gauge("depin_ledger_records", "Records since the ledger was opened.", core.Ledger.Records);
        text.Gauge("depin_ledger_epoch", "Epochs sealed.", core.Ledger.Epoch);
        text.Gauge("depin_ledger_accounts", "Accounts.", core.Ledger.Accounts);
        text.Gauge("depin_credits_issued", "Credits issued since the ledger was opened.", core.Ledger.IssuedMicro / 1e6);
        text.Gauge("depin_credits_posted", "Credits posted for results since the ledger was opened.", core.Ledger.PostedMicro / 1e6);
        text.Gauge("depin_credits_reserved", "Credits set aside for batches.", core.Ledger.ReservedMicro / 1e6);
        text.Gauge("depin_credits_escrow", "Credits set aside for jobs.", core.Ledger.EscrowMicro / 1e6);
        text.Gauge("depin_ledger_balanced", "1 while the books balance.", core.Ledger.Balanced ? 1 : 0);
    }
}
