using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// Lifetime totals and last receipts of those who have a leaf in every epoch: devices by id, requesters by name (see
/// <see cref="EpochLeaf"/>).
/// </summary>
internal sealed class Earners
{
    private readonly SortedDictionary<string, Entry> devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Entry> requesters = new(StringComparer.Ordinal);
    private readonly RecordWriter scratch = new();

    /// <summary>All that was ever posted, to all devices.</summary>
    public long PostedMicro { get; private set; }

    public int LeafCount => devices.Count + requesters.Count;

    /// <summary>Device ids, sorted.</summary>
    public IEnumerable<string> Devices => devices.Keys;

    public void AddDevice(DeviceId device) => devices.TryAdd(device.Value, new Entry());

    public void AddRequester(string name) => requesters.TryAdd(name, new Entry());

    public long EarnedMicro(DeviceId device) => devices.TryGetValue(device.Value, out var entry) ? entry.Total : 0;

    /// <summary>The last epoch in which what the device held was released; 0 for none.</summary>
    public long ReleasedEpoch(DeviceId device) => devices.TryGetValue(device.Value, out var entry) ? entry.ReleasedEpoch : 0;

    public void Posted(DeviceId device, Transferred transfer)
    {
        var entry = devices[device.Value];
        entry.Total = checked(entry.Total + transfer.AmountMicro);
        entry.Receipt = ReceiptHash(transfer);
        PostedMicro = checked(PostedMicro + transfer.AmountMicro);
    }

    public void Released(DeviceId device, long epoch) => devices[device.Value].ReleasedEpoch = epoch;

    public void Issued(string requester, Transferred transfer)
    {
        var entry = requesters[requester];
        entry.Total = checked(entry.Total + transfer.AmountMicro);
        entry.Receipt = ReceiptHash(transfer);
    }

    public void Refunded(string requester, Transferred transfer) => requesters[requester].Receipt = ReceiptHash(transfer);

    /// <summary>The leaves of an epoch sealed now, sorted by account: <c>dev:</c> comes before <c>req:</c>.</summary>
    public List<EpochLeaf> Leaves(long epoch, Books books)
    {
        var leaves = new List<EpochLeaf>(LeafCount);
        foreach (var (id, entry) in devices)
        {
            var device = new DeviceId(id);
            var heldMicro = books.BalanceMicro(AccountIds.Held(device));
            leaves.Add(new EpochLeaf(AccountIds.Available(device), entry.Total, heldMicro, epoch, entry.Receipt));
        }
        foreach (var (name, entry) in requesters)
        {
            var account = AccountIds.Requester(name);
            leaves.Add(new EpochLeaf(account, entry.Total, books.BalanceMicro(account), epoch, entry.Receipt));
        }
        return leaves;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        Write(w, devices);
        Write(w, requesters);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Read(ref r, devices);
        Read(ref r, requesters);
        Int128 posted = 0;
        foreach (var entry in devices.Values)
            posted += entry.Total;
        if (posted > long.MaxValue)
            throw r.Corrupt("more was posted than 64 bits hold");
        PostedMicro = (long)posted;
    }

    private static void Write(RecordWriter w, SortedDictionary<string, Entry> entries)
    {
        w.Unsigned(entries.Count);
        foreach (var (name, entry) in entries)
        {
            w.Text(name);
            w.Unsigned(entry.Total);
            w.Unsigned(entry.ReleasedEpoch);
            w.Raw(entry.Receipt);
        }
    }

    private static void Read(ref RecordReader r, SortedDictionary<string, Entry> into)
    {
        into.Clear();
        var before = "";
        for (var left = r.Count(35); left > 0; left--)
        {
            var name = r.Text();
            if (!Names.IsValid(name) || string.CompareOrdinal(before, name) >= 0)
                throw r.Corrupt($"name {name} is invalid or out of order");
            into.Add(name, new Entry { Total = r.Unsigned(), ReleasedEpoch = r.Unsigned(), Receipt = r.Raw(32).ToArray() });
            before = name;
        }
    }

    private byte[] ReceiptHash(Transferred transfer)
    {
        scratch.Clear();
        RecordCodec.Write(transfer, scratch);
        return SHA256.HashData(scratch.Written);
    }

    private sealed class Entry
    {
        public long Total;
        public long ReleasedEpoch;
        public byte[] Receipt = new byte[32];
    }
}
