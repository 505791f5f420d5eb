using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Gateway.Verification;

namespace DePinEdge.Gateway;

/// <summary>
/// The whole durable state as bytes: where the record chain stands, then every stage's tables in a fixed order. Equal states give equal
/// bytes, so their hash compares a replayed gateway with a live one.
/// </summary>
internal sealed class GatewaySnapshot(Journal journal, LedgerStage ledger, DeviceStage devices, SchedulingStage scheduling, VerificationStage verification)
{
    // 1 had no standings.
    private const byte Version = 2;

    /// <summary>The state after <paramref name="turn"/>.</summary>
    public byte[] Write(long turn, EpochSealed? lastSeal)
    {
        var w = new RecordWriter();
        w.Byte(Version);
        w.Unsigned(turn);
        w.Unsigned(journal.Records);
        w.Raw(journal.Head);
        w.Bool(lastSeal is not null);
        lastSeal?.WriteFields(w);
        ledger.WriteSnapshot(w);
        devices.Table.WriteSnapshot(w);
        scheduling.WriteSnapshot(w);
        verification.Standings.WriteSnapshot(w);
        return w.Written.ToArray();
    }

    /// <summary>Fills the empty stages and sets the journal; the last sealed epoch. Throws <see cref="CorruptRecordException"/>.</summary>
    public EpochSealed? Read(byte[] bytes)
    {
        var reader = new RecordReader(bytes);
        var version = reader.Byte();
        if (version is < 1 or > Version)
            throw new CorruptRecordException($"the snapshot has version {version}, this program reads {Version}");
        var turn = reader.Unsigned();
        var records = reader.Unsigned();
        journal.Resume(turn, records, reader.Raw(32));
        var lastSeal = reader.Bool() ? EpochSealed.Read(ref reader) : null;
        ledger.ReadSnapshot(ref reader);
        devices.Table.ReadSnapshot(ref reader);
        scheduling.ReadSnapshot(ref reader);
        if (version >= 2)
            verification.Standings.ReadSnapshot(ref reader);
        reader.End();
        return lastSeal;
    }
}
