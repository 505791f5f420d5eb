using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using Microsoft.Extensions.Logging;

namespace DePinEdge.Gateway;

/// <summary>Skeleton of the public surface; the stages land next.</summary>
public sealed class GatewayCore
{
    public GatewayCore(GatewayOptions options, IEntropySource entropy, ILoggerFactory logs)
    {
        _ = options;
        _ = entropy;
        _ = logs;
    }

    // public BrokerCore Broker { get; }   (DePinEdge.Mqtt.Broker; the shell calls the four methods below, never the broker itself)

    /// <summary>First call: rebuilds the state; a fresh store opens a new ledger. Throws CorruptRecordException or InvariantException.</summary>
    public void Recover(StoredState stored, Instant now) => throw new NotImplementedException();

    /// <summary>Hands over the lowered image of a program of the library, after recovery (images are not stored).</summary>
    public void ProvideImage(ProgramHash program, byte[] image) => throw new NotImplementedException();

    /// <summary>Programs known after recovery, with their .wasm, for the shell to lower.</summary>
    public IReadOnlyList<(ProgramHash Hash, byte[] Wasm)> Programs => throw new NotImplementedException();

    // connections: object? ConnectionOpened(RemoteEndpoint, Instant) etc. forward to the broker with the instant noted.

    /// <summary>Advances time: leases, keep-alives, epochs.</summary>
    public void Tick(Instant now) => throw new NotImplementedException();

    /// <summary>When <see cref="Tick"/> is next needed, in the clock of <see cref="Instant.Ms"/>.</summary>
    public long NextTickMs => throw new NotImplementedException();

    /// <summary>True when records wait to be stored: outputs of this turn must not leave before <see cref="TakeTurn"/> is durable.</summary>
    public bool HasRecords => throw new NotImplementedException();

    /// <summary>Closes the turn: everything durable since the last one, or null when there is nothing.</summary>
    public Turn? TakeTurn(Instant now) => throw new NotImplementedException();

    /// <summary>Moves the work asked for since the last call into the list. Call only after the turn is durable.</summary>
    public void TakeWork(List<WorkRequest> into) => throw new NotImplementedException();

    /// <summary>Answer to a <see cref="RecomputeAsked"/>.</summary>
    public void Recomputed(Recomputed answer, Instant now) => throw new NotImplementedException();

    /// <summary>Answer to a <see cref="SignAsked"/>.</summary>
    public void Signed(Signed answer, Instant now) => throw new NotImplementedException();

    /// <summary>While true (disk full) nothing new is dispatched.</summary>
    public bool Paused { get; set; }

    // commands; the caller answers people only after the turn is durable
    public Outcome<InviteView> Invite(InviteAsked asked, Instant now) => throw new NotImplementedException();
    public Outcome<ProgramView> AddProgram(ProgramOffered offered, Instant now) => throw new NotImplementedException();
    public Outcome<JobView> SubmitJob(JobAsked asked, Instant now) => throw new NotImplementedException();
    public Outcome<JobView> CancelJob(JobId job, Instant now) => throw new NotImplementedException();
    /// <summary>Issues credits from the treasury to a requester; the same key is issued once.</summary>
    public Outcome<AccountView> Issue(string requester, long amountMicro, Instant now) => throw new NotImplementedException();
    public Outcome<LedgerView> SealEpoch(Instant now) => throw new NotImplementedException();

    // queries
    public IReadOnlyList<DeviceView> Devices(Instant now) => throw new NotImplementedException();
    public Outcome<DeviceView> Device(string id, Instant now) => throw new NotImplementedException();
    public IReadOnlyList<ReceiptView> Receipts(string device) => throw new NotImplementedException();
    public IReadOnlyList<UnitView> Units() => throw new NotImplementedException();
    public IReadOnlyList<ProgramView> ProgramList() => throw new NotImplementedException();
    public IReadOnlyList<JobView> Jobs(Instant now) => throw new NotImplementedException();
    public Outcome<JobView> Job(string id, Instant now) => throw new NotImplementedException();
    /// <summary>Results of a running job held in memory; null with no problem means ended: read and decode blob result/jN with JobResults.Decode.</summary>
    public Outcome<IReadOnlyList<TaskResultView>?> Results(string id) => throw new NotImplementedException();
    public IReadOnlyList<AccountView> Accounts() => throw new NotImplementedException();
    public LedgerView Ledger() => throw new NotImplementedException();
    public GatewayCounters Counters() => throw new NotImplementedException();

    /// <summary>SHA-256 over the whole durable state: equal after replay to what it was live.</summary>
    public byte[] StateHash() => throw new NotImplementedException();
}
