using System.Security.Cryptography;
using DePinEdge.Agent.Ports;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Gateway.Verification;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using Microsoft.Extensions.Logging;
using MqttReason = DePinEdge.Mqtt.ReasonCode;
using ReasonCode = DePinEdge.Gateway.Flow.ReasonCode;

namespace DePinEdge.Gateway;

/// <summary>
/// The gateway's table of contents: builds the stages and passes messages down, in this order and no other:
/// <code>
/// bytes -> broker -> devices -> scheduling -> (board) -> verification -> (recompute) -> ledger -> telemetry
/// </code>
/// A synchronous function of (input, now). One thread owns it; it has no clock, sockets, files or tasks. Durable facts go through
/// <see cref="Record"/>, which journals them and applies them to every stage; the shell takes them as one <see cref="Turn"/>, makes
/// that durable, and only then sends what the input caused.
/// </summary>
public sealed class GatewayCore : IEffects, IBrokerApplication, IBudget
{
    private const string DrawSecretKey = "secret/draw";
    private const int HungryInVainMax = 64;

    private readonly GatewayOptions options;
    private readonly IEntropySource entropy;
    private readonly ILogger log;
    private readonly Journal journal = new();
    private readonly BrokerCore broker;
    private readonly DeviceStage devices;
    private readonly SchedulingStage scheduling;
    private readonly VerificationStage verification = new();
    private readonly LedgerStage ledger = new();
    private readonly TelemetryStage telemetry;
    private readonly GatewayViews views;
    private readonly GatewayNews news;
    private readonly GatewaySnapshot snapshots;
    private readonly GatewayAdmission admission;
    private readonly List<WorkRequest> work = [];
    private byte[] drawSecret = [];
    private EpochSealed? lastSeal;
    private long signNumber;
    private long sealedTurn = -1;
    private long nextEpochMs = long.MaxValue;
    private long sealedRecords, snapshotRecords;
    private bool snapshotDue, paused;

    public GatewayCore(GatewayOptions options, IEntropySource entropy, ILoggerFactory logs, BrokerOptions? brokerOptions = null)
    {
        options.Validate();
        this.options = options;
        this.entropy = entropy;
        log = logs.CreateLogger("DePinEdge.Gateway");
        broker = new BrokerCore(brokerOptions ?? options.DefaultBroker());
        broker.Attach(this);
        devices = new DeviceStage(options, new HmacSha256(), entropy);
        scheduling = new SchedulingStage(options, devices, this, verification.Standings);
        admission = new GatewayAdmission(options, scheduling, ledger);
        devices.FindImage = scheduling.Programs.FindImage;
        telemetry = new TelemetryStage(options);
        views = new GatewayViews(options, journal, devices, scheduling, verification, ledger, telemetry);
        snapshots = new GatewaySnapshot(journal, ledger, devices, scheduling, verification);
        news = new GatewayNews(broker, devices, scheduling, telemetry, views);
    }

    /// <summary>The broker whose dirty connections the shell flushes once a turn. Inputs go through the members below.</summary>
    public BrokerCore Broker => broker;

    /// <summary>What people see of the tables.</summary>
    public GatewayViews Views => views;

    /// <summary>The input's moment, for the stages.</summary>
    public Instant Now { get; private set; }

    public Tally Tally { get; } = new();

    /// <summary>True when records wait to be stored: what this turn caused must not leave before <see cref="TakeTurn"/> is durable.</summary>
    public bool HasRecords => journal.HasRecords;

    /// <summary>When <see cref="Tick"/> is next needed, in the clock of <see cref="Instant.Ms"/>.</summary>
    public long NextTickMs
    {
        get
        {
            var lease = scheduling.Leases.NextDeadlineMs;
            return Math.Min(Math.Min(broker.NextTickMs, lease == long.MaxValue ? lease : lease + 1),
                Math.Min(Math.Min(nextEpochMs, scheduling.NextCanaryMs), Math.Min(devices.NextOversleptMs, telemetry.NextMs)));
        }
    }

    /// <summary>While true (the disk is full) nothing new is dispatched.</summary>
    public bool Paused
    {
        get => paused;
        set
        {
            paused = value;
            if (!value)
                ServeHungry();
        }
    }

    /// <summary>Programs of the library with their .wasm, for the shell to lower after recovery.</summary>
    public IReadOnlyList<(ProgramHash Hash, byte[] Wasm)> Programs => [.. scheduling.Programs.All.Select(program => (program.Facts.Hash, program.Wasm))];

    /// <summary>
    /// First call: rebuilds the state from the snapshot and the turns after it; a fresh store opens a new ledger. Throws
    /// <see cref="CorruptRecordException"/> naming what does not fit, <see cref="InvariantException"/>, or <see cref="ArgumentException"/>
    /// when the ledger is another site's.
    /// </summary>
    public void Recover(StoredState stored, Instant now)
    {
        Now = now;
        if (stored.Snapshot is { } snapshot)
            lastSeal = snapshots.Read(snapshot);
        foreach (var turn in stored.Turns)
            journal.Replay(turn, bytes => ApplyToAll(RecordCodec.Read(bytes)));
        foreach (var blob in stored.Blobs)
            TakeBlob(blob);
        journal.LastUtcMs = Math.Max(journal.LastUtcMs, stored.LastUtcMs);
        if (journal.Records == 0)
            OpenLedger();
        else if (ledger.Site != options.Site)
            throw new ArgumentException($"Gateway:Site is '{options.Site}', but this ledger belongs to site '{ledger.Site}'");
        devices.Table.RequireKeys();
        scheduling.Rearm(now.Ms);
        sealedRecords = snapshotRecords = journal.Records;
        nextEpochMs = now.Ms + options.EpochMs;
        if (lastSeal is { } seal && !ledger.EpochSigned)
            AskSignature(seal);
        foreach (var job in scheduling.Jobs.Running.Values)
            if (job.ExpectedFuel == 0)
                work.Add(verification.Estimate(job));
        news.Everything(lastSeal, now);
        news.Flush();
    }

    /// <summary>Hands over the lowered image of a program, after recovery (images are not stored).</summary>
    public void ProvideImage(ProgramHash program, byte[] image, Instant now)
    {
        Now = now;
        scheduling.Programs.ProvideImage(program, image);
        scheduling.ImageProvided(program);
        ServeHungry();
        news.Flush();
    }

    // ---- inputs of the transport ----

    /// <summary>A connection was accepted; null when there are too many.</summary>
    public BrokerConnection? ConnectionOpened(RemoteEndpoint remote, Instant now)
    {
        Now = now;
        return broker.Open(remote, now.Ms);
    }

    /// <summary>Bytes of a connection, any fragment of its stream.</summary>
    public void BytesReceived(BrokerConnection connection, ReadOnlySpan<byte> bytes, Instant now)
    {
        Now = now;
        broker.Receive(connection, bytes, now.Ms);
        news.Flush();
    }

    /// <summary>A connection ended.</summary>
    public void ConnectionClosed(BrokerConnection connection, string reason, Instant now)
    {
        Now = now;
        broker.Closed(connection, reason, now.Ms);
        news.Flush();
    }

    /// <summary>Advances time: keep-alives, leases, epochs, aggregates.</summary>
    public void Tick(Instant now)
    {
        Now = now;
        broker.Tick(now.Ms);
        while (scheduling.TakeExpired(now.Ms) is { } lease)
            EndLease(lease, ReasonCode.LeaseExpired);
        if (now.Ms >= nextEpochMs)
        {
            nextEpochMs = now.Ms + options.EpochMs;
            if (journal.Records > sealedRecords && sealedTurn != journal.LastTurn)
                Seal();
        }
        scheduling.CanariesDue(now.Ms);
        while (devices.TakeOverslept(now.Ms) is { } sleeper)
            Pass(new DeviceLost(sleeper.Id, "it did not wake as promised"));
        ServeHungry();
        news.Due(now);
        news.Flush();
    }

    /// <summary>An orderly stop begins: the last thing that is published.</summary>
    public void Stopping(Instant now)
    {
        Now = now;
        news.Stopping(now);
        news.Flush();
    }

    // ---- answers to work requests ----

    /// <summary>Tasks were recomputed: judge, pay, go on.</summary>
    public void Recomputed(Recomputed answer, Instant now)
    {
        Now = now;
        if (verification.TakeEstimate(answer) is { } estimate)
        {
            if (scheduling.Jobs.Find(estimate.Job) is { } estimated)
                estimated.EstimatedFuel = estimate.Fuel;
            ServeHungry();
        }
        else if (verification.Judge(answer) is { } judged && scheduling.Leases.Find(judged.Batch) is not null)
        {
            var trust = verification.Standings.StandingOf(judged.Device);
            Record(Tally.Counted(judged, now.Ms));
            Settle(judged.Batch);
            var job = scheduling.Jobs.Get(judged.Job);
            views.AddReceipts(judged, job, now);
            foreach (var wrong in judged.Lines.Where(line => line.Reason is not (ReasonCode.Paid or ReasonCode.Abandoned)).GroupBy(line => line.Reason))
                Pass(Refused.Results(judged, wrong.Key, wrong.Count()));
            TrustChanged(judged.Device, trust);
            if (judged.Lines.All(line => line.Reason == ReasonCode.Abandoned))
                SchedulingStage.GaveUp(job, judged.Device, now);
            CloseIfSettled(job);
            news.BatchEnded(judged.Job, judged.Device, now);
            if (devices.Table.Find(judged.Device.Value) is { } device)
                Serve(device);
            ServeHungry();
        }
        news.Flush();
    }

    /// <summary>An epoch's head was signed.</summary>
    public void Signed(Signed answer, Instant now)
    {
        Now = now;
        if (lastSeal is { } seal && !ledger.EpochSigned && answer.Number == signNumber)
        {
            var signature = new EpochSigned(seal.Epoch, answer.PublicKey, answer.Signature);
            Record(signature);
            // The signature belongs to the seal: alone it is no reason for another epoch.
            sealedRecords++;
            telemetry.Root(seal, signature);
        }
        news.Flush();
    }

    // ---- commands; people are answered only after the turn is durable ----

    /// <summary>Makes a join code.</summary>
    public Outcome<InviteView> Invite(InviteAsked asked, Instant now)
    {
        Now = now;
        return devices.Join.Invite(asked, this);
    }

    /// <summary>Adds a checked program to the library.</summary>
    public Outcome<ProgramView> AddProgram(ProgramOffered offered, Instant now)
    {
        Now = now;
        var added = scheduling.Programs.Add(offered, this);
        scheduling.ImageProvided(offered.Hash);
        ServeHungry();
        news.Flush();
        return added.Problem is { } problem ? Tally.Of(problem) : GatewayViews.Of(added.Value!);
    }

    /// <summary>Accepts a job: its largest possible cost (or the requester's own bound) goes into escrow.</summary>
    public Outcome<JobView> SubmitJob(JobAsked asked, Instant now)
    {
        Now = now;
        if (scheduling.Jobs.FindByKey(asked.Requester, asked.IdempotencyKey) is { } before)
            return JobRules.IsSame(before, asked)
                ? views.Of(before, now)
                : new Problem("idempotency-conflict", $"the key '{asked.IdempotencyKey}' was used for another job, {before.Spec.Job}", "use a new key for a new job");
        var planned = admission.Plan(asked);
        if (planned.Problem is { } problem)
            return Tally.Of(problem);
        var submitted = planned.Value!;
        Record(submitted);
        if (!asked.IsRange)
            Blob($"input/{submitted.Job}", JobRules.EncodeInputs(asked.Inputs));
        if (ledger.PlanEscrow(submitted.Job) is { } transfer)
            Record(transfer);
        log.JobSubmitted(submitted.Job, submitted.TaskCount, submitted.EscrowMicro);
        work.Add(verification.Estimate(scheduling.Jobs.Get(submitted.Job)));
        ServeHungry();
        news.Due(now);
        news.Flush();
        return views.Of(scheduling.Jobs.Get(submitted.Job), now);
    }

    /// <summary>Cancels a job: what is out is called back, what was reported is still judged and paid.</summary>
    public Outcome<JobView> CancelJob(string id, Instant now)
    {
        Now = now;
        if (views.FindJob(id) is not { } job)
            return GatewayViews.NoJob(id);
        if (job is { State: JobState.Running, Cancelling: false })
        {
            Record(new JobCancelled(job.Spec.Job));
            foreach (var lease in scheduling.Leases.All.Where(lease => lease.Batch.Job == job.Spec.Job && !lease.Reported).ToArray())
                EndLease(lease, ReasonCode.Cancelled);
            CloseIfSettled(job);
        }
        news.Flush();
        return views.Of(job, now);
    }

    /// <summary>Issues credits from the treasury to a requester.</summary>
    public Outcome<AccountView> Issue(string requester, long amountMicro, Instant now)
    {
        Now = now;
        var issue = admission.PlanIssue(requester, amountMicro);
        if (issue.Problem is { } problem)
            return problem;
        Record(issue.Value!);
        var account = AccountIds.Requester(requester);
        return new AccountView(account, ledger.BalanceMicro(account));
    }

    /// <summary>Seals an epoch now, whatever the clock says.</summary>
    public Outcome<LedgerView> SealEpoch(Instant now)
    {
        Now = now;
        // One turn carries one epoch's rows: whoever asks again within it gets the one just sealed.
        if (sealedTurn != journal.LastTurn)
            Seal();
        news.Flush();
        return views.Ledger();
    }

    // ---- what leaves the core ----

    /// <summary>Makes the next turn carry a snapshot, if there is a next turn: for an orderly stop.</summary>
    public void AskSnapshot() => snapshotDue = true;

    /// <summary>Closes the turn: everything durable since the last one, or null when there is nothing.</summary>
    public Turn? TakeTurn(Instant now)
    {
        Now = now;
        if (!journal.HasRecords)
            return null;
        var rows = ledger.TakeEpochRows();
        if (rows is not null)
            rows = rows with { LastTurn = journal.LastTurn + 1 };
        byte[]? snapshot = null;
        if (snapshotDue || journal.Records - snapshotRecords >= options.SnapshotEveryRecords)
        {
            snapshot = snapshots.Write(journal.LastTurn + 1, lastSeal);
            snapshotRecords = journal.Records;
            snapshotDue = false;
        }
        return journal.Close(now.UtcMs, snapshot, rows);
    }

    /// <summary>Moves the work asked for since the last call into the list. Call it after the turn is durable.</summary>
    public void TakeWork(List<WorkRequest> into)
    {
        into.AddRange(work);
        work.Clear();
    }

    /// <summary>SHA-256 over the whole durable state: equal after replay to what it was live.</summary>
    public byte[] StateHash() => SHA256.HashData(snapshots.Write(0, lastSeal));

    // ---- IEffects: what stages may cause ----

    public void Record(DurableRecord record)
    {
        var stamped = record with { UtcMs = Now.UtcMs };
        journal.Append(stamped);
        news.Before(stamped);
        ApplyToAll(stamped);
        news.After(stamped, Now);
        if (record is DeviceJoined joined)
            log.DeviceJoined(joined.Device, joined.Board);
        if (record is DeviceHeld { Held: true } held)
            EndLeasesOf(held.Device, held.Reason);
    }

    public void Blob(string key, byte[]? bytes)
    {
        journal.Put(key, bytes);
        TakeBlob(new BlobWrite(key, bytes));
    }

    public bool Send(string clientId, string topic, ReadOnlySpan<byte> payload) => broker.SendTo(clientId, topic, payload, QoS.AtLeastOnce);

    public void Disconnect(string clientId, MqttReason code, string reason)
    {
        // The broker tells of the end only with its next input; for the tables it is now.
        broker.Disconnect(clientId, code, reason);
        devices.Dropped(clientId, reason, this);
    }

    public void Pass(DeviceReady message)
    {
        foreach (var job in scheduling.Jobs.Running.Values)
            job.Unable.Remove(message.Device.Value);
        log.DeviceReady(message.Device);
        news.DeviceReady(message.Device, message.Slept, Now);
        scheduling.Ready(message.Device, this);
    }

    public void Pass(DeviceLost message)
    {
        log.DeviceLost(message.Device, message.Why);
        news.DeviceLost(message.Device, message.Why, Now);
    }

    public void Pass(ResultReceived message)
    {
        if (message.Batch.Number != 0 && scheduling.Answered(message, this) is { } lease)
            work.Add(verification.Ask(lease, scheduling.Jobs.Get(lease.Batch.Job), Tally.Counted(message, Now.Ms)));
        Serve(devices.Table.Get(message.Device));
    }

    public void Pass(TelemetryReported message) => telemetry.Reported(Tally.Counted(message), Now);

    public void Pass(Refused message)
    {
        views.CountRefusal(message);
        log.Refused(message.Who, ReasonNames.Of(message.Reason), message.Detail);
        if (devices.Table.Find(message.Who) is { } device)
            device.LastRefusal = $"{ReasonNames.Of(message.Reason)}: {message.Detail}";
        telemetry.Events.Refused(message, Now);
    }

    // ---- IBudget: what scheduling may know of money ----

    public long EscrowLeftMicro(JobId job) => ledger.EscrowLeftMicro(job);

    public long ReservationMicro(long fuelLimit, long priceMicro, int tasks) => Reward.ReservationMicro(fuelLimit, priceMicro, tasks);

    public long RewardMicro(long fuel, long priceMicro, int qualityPpm, int timelinessPpm) => Reward.Micro(fuel, priceMicro, qualityPpm, timelinessPpm);

    // ---- IBrokerApplication: what the broker asks and tells, within an input ----

    public ConnectVerdict Authenticate(in ConnectRequest request, long nowMs) => devices.Logins.Decide(request, this);

    public PublishRoute AuthorizePublish(BrokerClient client, string topic, QoS qos, bool retain) => devices.RoutePublish(client, topic);

    public MqttReason AuthorizeSubscribe(BrokerClient client, string filter) => devices.AllowSubscribe(client, filter);

    public void MessageReceived(BrokerClient client, string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, long nowMs) =>
        devices.MessageReceived(client, payload, this);

    public void SessionOpened(BrokerClient client, long nowMs)
    {
    }

    public void Subscribed(BrokerClient client, string filter, long nowMs) => devices.Subscribed(client, this);

    public void SessionLost(BrokerClient client, MqttReason why, string reason, long nowMs) => devices.Lost(client, reason, this);

    // ---- the order of things ----

    private void ApplyToAll(DurableRecord record)
    {
        ledger.Apply(record);
        devices.Table.Apply(record);
        scheduling.Apply(record); // before the standings: it weighs a verdict by what the device was until then
        verification.Standings.Apply(record);
        if (record is EpochSealed seal)
            lastSeal = seal;
    }

    private void TrustChanged(DeviceId device, Standing before)
    {
        var now = verification.Standings.StandingOf(device);
        if ((now == Standing.Throttled) == (before == Standing.Throttled))
            return;
        if (now == Standing.Throttled)
            Pass(new Refused(device.Value, ReasonCode.Throttled, $"{StandingTable.ThrottledAt} results were wrong; single tasks until enough of them are right"));
        news.DeviceTrust(device, Now);
    }

    private bool Serve(Device device)
    {
        var served = false;
        while (!Paused && scheduling.PlanFor(device, Now) is { } batch)
        {
            served = true;
            Record(batch);
            if (ledger.PlanReserve(batch.Batch) is { } reservation)
                Record(reservation);
            scheduling.Dispatched(batch, this);
            telemetry.UnitChanged(batch.Unit);
        }
        return served;
    }

    private void ServeHungry()
    {
        if (Paused || !scheduling.HasReady)
            return;
        // When many in a row can have nothing of what waits, the others wait for the next input; each is asked again with its own reports.
        var vain = 0;
        for (var left = scheduling.Hungry; left > 0 && vain < HungryInVainMax && scheduling.TakeHungry() is { } name; left--)
            vain = devices.Table.Find(name) is { } device && Serve(device) ? 0 : vain + 1;
    }

    /// <summary>A held device answers no more: its tasks need not wait for their deadlines.</summary>
    private void EndLeasesOf(DeviceId device, ReasonCode reason)
    {
        foreach (var lease in scheduling.Leases.Of(device.Value))
            if (!lease.Reported)
                EndLease(lease, reason);
    }

    private void EndLease(Lease lease, ReasonCode reason)
    {
        Record(new LeaseEnded(lease.Batch.Batch, reason));
        Settle(lease.Batch.Batch);
        if (reason == ReasonCode.LeaseExpired)
            Pass(new Refused(lease.Batch.Device.Value, reason, $"{lease.Batch.Batch} was not answered within {lease.Batch.LeaseMs} ms")
            { Batch = lease.Batch.Batch, Job = lease.Batch.Job, Tasks = lease.Batch.Tasks.Length });
        CloseIfSettled(scheduling.Jobs.Get(lease.Batch.Job));
        news.BatchEnded(lease.Batch.Job, lease.Batch.Device, Now);
    }

    private void Settle(BatchId batch)
    {
        foreach (var transfer in ledger.PlanSettlement(batch))
            Record(transfer);
    }

    private void CloseIfSettled(Job job)
    {
        if (job.State != JobState.Running || job.Leased > 0 || !(job.AllSettled || job.Cancelling))
            return;
        var state = !job.AllSettled ? JobState.Cancelled : job.Failed > 0 ? JobState.Failed : JobState.Completed;
        var results = job.Results.ToBytes();
        Record(new JobEnded(job.Spec.Job, state));
        Tally.Count(GatewayLimit.AttemptsMax, job.GivenUp);
        Blob($"result/{job.Spec.Job}", results);
        if (!job.Spec.IsRange)
            Blob($"input/{job.Spec.Job}", null);
        if (ledger.PlanRefund(job.Spec.Job) is { } refund)
            Record(refund);
        log.JobEnded(job.Spec.Job, state, job.Done, job.Failed);
    }

    private void Seal()
    {
        var next = new byte[32];
        entropy.Fill(next);
        var seal = ledger.PlanSeal(journal.Head, drawSecret, SHA256.HashData(next));
        Record(seal);
        Blob(DrawSecretKey, next);
        foreach (var release in ledger.PlanReleases(seal.Epoch))
            Record(release);
        AskSignature(seal);
        sealedRecords = journal.Records;
        sealedTurn = journal.LastTurn;
        snapshotDue = true;
        log.EpochSealed(seal.Epoch, seal.Accounts);
    }

    /// <summary>Only the newest seal is signed: it covers those before it through their heads. An answer about an older one is dropped.</summary>
    private void AskSignature(EpochSealed seal) => work.Add(new SignAsked(++signNumber, seal.Epoch, seal.Head));

    private void OpenLedger()
    {
        var id = new byte[16];
        entropy.Fill(id);
        var firstDraw = new byte[32];
        entropy.Fill(firstDraw);
        Record(new LedgerOpened(options.Site, Convert.ToHexStringLower(id)));
        Blob(DrawSecretKey, firstDraw);
    }

    /// <summary>Gives side material to whoever keeps it in memory, when it is written and after a restart alike.</summary>
    private void TakeBlob(BlobWrite blob)
    {
        var name = blob.Key[(blob.Key.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (blob.Key == DrawSecretKey)
            drawSecret = blob.Bytes ?? [];
        else if (blob.Key.StartsWith("secret/", StringComparison.Ordinal))
            devices.Table.PutSecret(blob.Key, blob.Bytes);
        else if (blob.Bytes is not { } bytes)
            return; // a program or inputs that are forgotten in the store leave memory with their own record
        else if (blob.Key.StartsWith("program/", StringComparison.Ordinal))
            scheduling.Programs.PutWasm(new ProgramHash(name), bytes);
        else if (blob.Key.StartsWith("input/", StringComparison.Ordinal) && JobId.TryParse(name, out var id)
            && scheduling.Jobs.Find(id) is { State: JobState.Running } job)
            job.Inputs = JobRules.DecodeInputs(bytes);
    }
}
