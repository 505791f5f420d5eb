using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>A job of which credits are in escrow or reserve, or that still runs.</summary>
internal sealed class OpenJob(JobId id, string requester, long priceMicro, long fuelLimit, long escrowMicro)
{
    public JobId Id { get; } = id;
    public string Requester { get; } = requester;
    public long PriceMicro { get; } = priceMicro;
    public long FuelLimit { get; } = fuelLimit;

    /// <summary>What goes into escrow at the start.</summary>
    public long EscrowMicro { get; } = escrowMicro;

    public string EscrowAccount { get; } = AccountIds.Escrow(id);
    public string ReserveAccount { get; } = AccountIds.Reserve(id);

    public bool Escrowed { get; set; }
    public bool Ended { get; set; }
    public int OpenBatches { get; set; }

    /// <summary>True when nothing stands between the job and its batches.</summary>
    public bool EscrowDone => Escrowed || EscrowMicro == 0;

    public void Write(RecordWriter w)
    {
        w.Unsigned(Id.Number);
        w.Text(Requester);
        w.Unsigned(PriceMicro);
        w.Unsigned(FuelLimit);
        w.Unsigned(EscrowMicro);
        w.Bool(Escrowed);
        w.Bool(Ended);
    }

    public static OpenJob Read(ref RecordReader r) =>
        new(new JobId(r.Unsigned()), r.Text(), r.Unsigned(), r.Unsigned(), r.Unsigned()) { Escrowed = r.Bool(), Ended = r.Bool() };
}
