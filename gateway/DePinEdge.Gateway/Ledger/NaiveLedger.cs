using System.Numerics;
using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// A second, naive set of books for the verifier. It shares no arithmetic with <see cref="LedgerStage"/>: balances are 128-bit
/// sums in one table, rewards come from big integers, every rule is written down again. Where the stage stops at the first
/// contradiction, this one notes it and goes on as well as it can.
/// </summary>
/// <param name="note">Receives each contradiction.</param>
internal sealed class NaiveLedger(Action<string> note)
{
    private static readonly BigInteger RewardScale = BigInteger.Pow(10, 18);

    private readonly NaiveAccounts accounts = new(note);
    private readonly Dictionary<string, Totals> totals = new(StringComparer.Ordinal); // by the account that stands in a leaf
    private readonly Dictionary<long, NaiveJob> jobs = [];
    private readonly Dictionary<long, NaiveBatch> batches = []; // open ones
    private readonly HashSet<(TransferKind, long, string)> happened = []; // issues, escrows, refunds: the others are tied to what is open
    private readonly List<long> closed = []; // batches closed in this turn
    private readonly List<long> touched = []; // jobs that may have come to their end in this turn
    private readonly Dictionary<string, Int128> toRelease = new(StringComparer.Ordinal);
    private long lastIssue;
    private long lastJob;
    private long lastBatch;
    private long epoch;

    public long Transfers { get; private set; }

    public long TasksPaid { get; private set; }

    public Int128 Issued { get; private set; }

    public Int128 Posted { get; private set; }

    /// <summary>Escrowed minus refunded, over the jobs that ended.</summary>
    public Int128 Charged
    {
        get
        {
            Int128 sum = 0;
            foreach (var job in jobs.Values)
                if (job.Ended)
                    sum += job.Escrowed - job.Refunded;
            return sum;
        }
    }

    public void Joined(DeviceJoined r)
    {
        if (!Names.IsValid(r.Device.Value))
        {
            note($"a device is named '{r.Device}'");
            return;
        }
        accounts.Open(AccountIds.Held(r.Device));
        accounts.Open(AccountIds.Available(r.Device));
        totals.TryAdd(AccountIds.Available(r.Device), new Totals());
    }

    public void Submitted(JobSubmitted r)
    {
        if (r.Job.Number <= lastJob)
        {
            note($"job {r.Job} comes after j{lastJob}");
            return;
        }
        lastJob = r.Job.Number;
        jobs.Add(lastJob, new NaiveJob(r));
        touched.Add(lastJob);
    }

    public void Dispatched(BatchDispatched r)
    {
        if (r.Batch.Number <= lastBatch)
        {
            note($"batch {r.Batch} comes after b{lastBatch}");
            return;
        }
        lastBatch = r.Batch.Number;
        if (!jobs.TryGetValue(r.Job.Number, out var job))
        {
            note($"batch {r.Batch} is of job {r.Job}, which was never submitted");
            return;
        }
        if (job.Ended)
            note($"batch {r.Batch} is dispatched after job {r.Job} ended");
        if (!accounts.Contains(AccountIds.Held(r.Device)))
            note($"batch {r.Batch} goes to {r.Device}, which never joined");
        if (r.Tasks.Length is < 1 or > 32)
            note($"batch {r.Batch} has {r.Tasks.Length} tasks");
        foreach (var task in r.Tasks)
            if (task < 0 || task >= job.Submitted.TaskCount)
                note($"batch {r.Batch} has task {task}, job {r.Job} has {job.Submitted.TaskCount}");
        batches.Add(lastBatch, new NaiveBatch(r, job));
        job.OpenBatches++;
    }

    public void Judged(BatchJudged r)
    {
        if (!batches.TryGetValue(r.Batch.Number, out var batch) || batch.Due is not null)
        {
            note($"batch {r.Batch} is judged but not open");
            return;
        }
        if (r.Job != batch.Dispatched.Job || r.Device != batch.Dispatched.Device)
            note($"batch {r.Batch} of {batch.Dispatched.Job} went to {batch.Dispatched.Device}, the verdict names {r.Job} and {r.Device}");
        if (r.QualityPpm is < 0 or > 1_000_000 || r.TimelinessPpm is < 1_000_000 or > 1_500_000 || r.AuditPpm is < 0 or > 1_000_000)
            note($"batch {r.Batch} has the factors {r.QualityPpm}, {r.TimelinessPpm}, {r.AuditPpm} ppm");
        BigInteger due = 0;
        foreach (var line in r.Lines)
            due += Earned(r, batch, line);
        if (due > (BigInteger)batch.Reserved)
            note($"batch {r.Batch} earned {due}, its reservation is {batch.Reserved}");
        batch.Due = due <= long.MaxValue ? (Int128)due : long.MaxValue;
        closed.Add(r.Batch.Number);
        SettleIfDone(batch);
    }

    public void LeaseEnded(LeaseEnded r)
    {
        if (!batches.TryGetValue(r.Batch.Number, out var batch) || batch.Due is not null)
        {
            note($"the lease of {r.Batch} ends but is not open");
            return;
        }
        batch.Due = 0;
        closed.Add(r.Batch.Number);
        SettleIfDone(batch);
    }

    public void Ended(JobEnded r)
    {
        if (!jobs.TryGetValue(r.Job.Number, out var job) || job.Ended)
        {
            note($"job {r.Job} ends but does not run");
            return;
        }
        job.Ended = true;
        touched.Add(r.Job.Number);
        if (r.State == JobState.Completed && job.TasksPaid != job.Submitted.TaskCount)
            note($"job {r.Job} is complete with {job.TasksPaid} of {job.Submitted.TaskCount} tasks paid");
        if (r.State is JobState.Running || !Enum.IsDefined(r.State))
            note($"job {r.Job} ends as {r.State}");
    }

    public void Transfer(Transferred t, ReadOnlySpan<byte> stored)
    {
        Transfers++;
        if (t.AmountMicro < 1)
            note($"{Id(t)} moves {t.AmountMicro}");
        switch (t.Kind)
        {
            case TransferKind.Issue:
                Once(t);
                Expect(t, AccountIds.Treasury, AccountIds.ClassOf(t.Credit) == AccountClass.Requester ? t.Credit : "req:NAME");
                if (t.Reference != lastIssue + 1)
                    note($"{Id(t)} comes after issue {lastIssue}");
                lastIssue = t.Reference;
                Issued += t.AmountMicro;
                if (AccountIds.ClassOf(t.Credit) == AccountClass.Requester)
                    totals.TryAdd(t.Credit, new Totals());
                Credited(t.Credit, t.AmountMicro, stored);
                break;
            case TransferKind.Escrow:
            case TransferKind.Refund:
                Once(t);
                OfJob(t, stored);
                break;
            case TransferKind.Reserve:
            case TransferKind.Post:
            case TransferKind.Return:
                OfBatch(t, stored);
                break;
            case TransferKind.Release:
                Released(t);
                break;
            default:
                note($"a transfer has the kind {(byte)t.Kind}");
                break;
        }
        accounts.Move(t);
    }

    /// <summary>The epoch's leaves from this ledger's own figures, sorted by account.</summary>
    public List<EpochLeaf> Seal(long number)
    {
        epoch = number;
        var leaves = new List<EpochLeaf>(totals.Count);
        foreach (var (account, sums) in totals)
        {
            var held = account;
            if (AccountIds.TryGetDevice(account, out var device))
            {
                held = AccountIds.Held(device);
                if (accounts.Balance(held) is var amount && amount > 0)
                    toRelease[held] = amount;
            }
            var heldMicro = long.CreateSaturating(accounts.Balance(held));
            leaves.Add(new EpochLeaf(account, long.CreateSaturating(sums.Lifetime), heldMicro, number, sums.Receipt));
        }
        leaves.Sort(static (a, b) => string.CompareOrdinal(a.Account, b.Account));
        return leaves;
    }

    /// <summary>What must be in order whenever a turn ends: nothing that was decided in it is left half booked.</summary>
    public void EndTurn()
    {
        foreach (var number in closed)
            if (batches.TryGetValue(number, out var batch))
                note($"batch b{number} is closed, but of {batch.Reserved} reserved {batch.Due} is due, {batch.PostedMicro} posted, "
                    + $"{batch.ReturnedMicro} returned");
        closed.Clear();
        foreach (var (held, amount) in toRelease)
            note($"{held} held {amount} when epoch {epoch} was sealed, which was not released");
        toRelease.Clear();
        foreach (var number in touched)
            CheckEnd(jobs[number]);
        touched.Clear();
    }

    /// <summary>Sums that must agree at the end of the history.</summary>
    public void EndHistory() => accounts.EndHistory(Posted);

    /// <summary>Every account's balance, sorted by id.</summary>
    public List<AccountBalance> Balances() => accounts.Sorted();

    private BigInteger Earned(BatchJudged r, NaiveBatch batch, TaskVerdict line)
    {
        var asked = Array.BinarySearch(batch.Dispatched.Tasks, line.Task) >= 0;
        if (!asked && line.Reason != ReasonCode.NotAsked)
            note($"batch {r.Batch} did not contain task {line.Task}, judged {line.Reason}");
        if (line.Reason != ReasonCode.Paid)
            return 0;
        if (!batch.Job.MarkPaid(line.Task))
            note($"task {line.Task} of {r.Job} is paid a second time, in batch {r.Batch}");
        TasksPaid++;
        if (line.Fuel > batch.Job.Submitted.FuelLimit)
            note($"task {line.Task} of batch {r.Batch} is paid for {line.Fuel} fuel, the limit is {batch.Job.Submitted.FuelLimit}");
        return (BigInteger)line.Fuel * batch.Job.Submitted.PriceMicro * r.QualityPpm * r.TimelinessPpm / RewardScale;
    }

    private void OfJob(Transferred t, ReadOnlySpan<byte> stored)
    {
        if (!jobs.TryGetValue(t.Reference, out var job))
        {
            note($"{Id(t)}: the job was never submitted");
            return;
        }
        var requester = AccountIds.Requester(job.Submitted.Requester);
        var escrow = AccountIds.Escrow(job.Submitted.Job);
        touched.Add(t.Reference);
        if (t.Kind == TransferKind.Escrow)
        {
            Expect(t, requester, escrow);
            job.Escrowed += t.AmountMicro;
            if (t.AmountMicro != job.Submitted.EscrowMicro)
                note($"{Id(t)} sets {t.AmountMicro} aside, the job says {job.Submitted.EscrowMicro}");
            return;
        }
        Expect(t, escrow, requester);
        job.Refunded += t.AmountMicro;
        if (!job.Ended || job.OpenBatches > 0)
            note($"{Id(t)} comes before the job ended, or while {job.OpenBatches} of its batches are open");
        Credited(requester, 0, stored);
    }

    private void OfBatch(Transferred t, ReadOnlySpan<byte> stored)
    {
        if (!batches.TryGetValue(t.Reference, out var batch))
        {
            note($"{Id(t)}: the batch is not open");
            return;
        }
        var escrow = AccountIds.Escrow(batch.Job.Submitted.Job);
        var reserve = AccountIds.Reserve(batch.Job.Submitted.Job);
        if (t.Kind == TransferKind.Reserve)
        {
            Expect(t, escrow, reserve);
            if (batch.Reserved > 0 || batch.Due is not null)
                note($"{Id(t)} happens twice, or after the batch was closed");
            batch.Reserved += t.AmountMicro;
            return;
        }
        if (batch.Due is null)
            note($"{Id(t)} happens before the batch was closed");
        var due = batch.Due ?? 0;
        if (t.Kind == TransferKind.Post)
        {
            var held = AccountIds.Held(batch.Dispatched.Device);
            Expect(t, reserve, held);
            if (batch.PostedMicro > 0 || t.AmountMicro != due)
                note($"{Id(t)} posts {t.AmountMicro}, the verdict's lines earn {due} once");
            batch.PostedMicro += t.AmountMicro;
            batch.Job.PostedMicro += t.AmountMicro;
            Posted += t.AmountMicro;
            Credited(AccountIds.Available(batch.Dispatched.Device), t.AmountMicro, stored);
        }
        else
        {
            Expect(t, reserve, escrow);
            if (batch.ReturnedMicro > 0 || t.AmountMicro != batch.Reserved - due)
                note($"{Id(t)} returns {t.AmountMicro}, {batch.Reserved - due} is left of the reservation once");
            batch.ReturnedMicro += t.AmountMicro;
        }
        SettleIfDone(batch);
    }

    private void Released(Transferred t)
    {
        if (!AccountIds.TryGetDevice(t.Debit, out var device))
        {
            note($"{Id(t)} takes from {t.Debit}, which no device holds");
            return;
        }
        Expect(t, AccountIds.Held(device), AccountIds.Available(device));
        if (t.Reference != epoch || !toRelease.Remove(t.Debit, out var held) || held != t.AmountMicro)
            note($"{Id(t)} releases {t.AmountMicro} of {t.Debit}, which is not what epoch {epoch} sealed as held");
    }

    private void CheckEnd(NaiveJob job)
    {
        if (job.Escrowed != job.Submitted.EscrowMicro)
            note($"job {job.Submitted.Job} says that it set {job.Submitted.EscrowMicro} aside, {job.Escrowed} went into escrow");
        if (!job.Ended || job.OpenBatches > 0)
            return;
        if (job.Escrowed - job.Refunded != job.PostedMicro)
            note($"job {job.Submitted.Job} ended: {job.Escrowed} escrowed, {job.Refunded} refunded, {job.PostedMicro} posted");
        job.ForgetTasks();
    }

    private void Expect(Transferred t, string debit, string credit)
    {
        if (t.Debit != debit || t.Credit != credit)
            note($"{t.Kind} {t.Reference} goes from {t.Debit} to {t.Credit}, it belongs from {debit} to {credit}");
    }

    private void Once(Transferred t)
    {
        if (!happened.Add((t.Kind, t.Reference, t.Credit)))
            note($"{t.Kind} {t.Reference} to {t.Credit} happens twice");
    }

    private void Credited(string account, long lifetimeMicro, ReadOnlySpan<byte> stored)
    {
        if (!totals.TryGetValue(account, out var sums))
            return; // noted as an unknown account where it moved
        sums.Lifetime += lifetimeMicro;
        sums.Receipt = SHA256.HashData(stored);
    }

    private void SettleIfDone(NaiveBatch batch)
    {
        if (!batch.Settled || !batches.Remove(batch.Dispatched.Batch.Number))
            return;
        batch.Job.OpenBatches--;
        touched.Add(batch.Dispatched.Job.Number);
    }

    private static string Id(Transferred t) => $"{t.Kind} {t.Reference}";

    private sealed class Totals
    {
        public Int128 Lifetime;
        public byte[] Receipt = new byte[32];
    }
}
