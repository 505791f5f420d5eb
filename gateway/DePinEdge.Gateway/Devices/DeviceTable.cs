using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Devices;

/// <summary>
/// The device registry and the join codes: who may speak here and with which key. Changes only by <see cref="Apply"/>; secrets come
/// by <see cref="PutSecret"/> from blobs, because records are exported and secrets must not be.
/// </summary>
public sealed class DeviceTable
{
    /// <summary>Accepted log-in numbers remembered for each device.</summary>
    public const int LoginsRemembered = 64;

    /// <summary>How long a code that expired unused is still known as expired: a person who comes too late is told why.</summary>
    public const long ExpiredKeptMs = 86_400_000;

    private readonly SortedDictionary<string, Device> devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IssuedCode> codes = new(StringComparer.Ordinal);

    // Codes that no device used, by the end of their time.
    private readonly SortedSet<(long ExpiresUtcMs, string Id)> unused = [];

    public int Count => devices.Count;

    public IEnumerable<Device> All => devices.Values;

    public int OpenCodes(long utcMs)
    {
        var open = 0;
        foreach (var (expiresUtcMs, id) in unused.Reverse())
        {
            if (expiresUtcMs <= utcMs)
                break;
            if (codes[id].Secret is not null)
                open++;
        }
        return open;
    }

    /// <summary>The codes that the next <see cref="JoinCodeIssued"/> makes forgotten: unused, and over for <see cref="ExpiredKeptMs"/>.</summary>
    public IssuedCode[] ForgottenBy(long utcMs) =>
        [.. unused.TakeWhile(code => code.ExpiresUtcMs + ExpiredKeptMs <= utcMs).Select(code => codes[code.Id])];

    public Device? Find(string id) => devices.GetValueOrDefault(id);

    public Device Get(DeviceId id) => devices.TryGetValue(id.Value, out var device) ? device : throw new InvariantException($"no device {id}");

    public IssuedCode? FindCode(string id) => codes.GetValueOrDefault(id);

    public void Apply(DurableRecord record)
    {
        switch (record)
        {
            case JoinCodeIssued issued:
                foreach (var old in ForgottenBy(issued.UtcMs))
                {
                    codes.Remove(old.Id);
                    unused.Remove((old.ExpiresUtcMs, old.Id));
                }
                codes[issued.CodeId] = new IssuedCode(issued.CodeId) { Name = issued.Name, Owner = issued.Owner, ExpiresUtcMs = issued.ExpiresUtcMs };
                unused.Add((issued.ExpiresUtcMs, issued.CodeId));
                break;
            case JoinCodeFailed failed:
                codes[failed.CodeId].Failures = failed.Failures;
                break;
            case DeviceJoined joined:
                Joined(joined);
                break;
            case DeviceLoggedIn login:
                var device = Get(login.Device);
                Invariant.Require(login.LoginNumber > device.LoginNumber, $"log-in number of {login.Device} does not grow");
                device.LoginNumber = login.LoginNumber;
                device.RecentLogins.Enqueue(login.LoginNumber);
                if (device.RecentLogins.Count > LoginsRemembered)
                    device.RecentLogins.Dequeue();
                break;
            case DeviceBorn born:
                Get(born.Device).Birth = born with { UtcMs = 0 };
                break;
            case DeviceHeld held:
                Get(held.Device).Held = held.Held;
                Get(held.Device).HeldReason = held.Reason;
                break;
            case BatchJudged judged:
                foreach (var line in judged.Lines)
                    if (line.Reason == ReasonCode.Paid)
                        Get(judged.Device).TasksOk++;
                    else if (line.Reason != ReasonCode.Abandoned)
                        Get(judged.Device).TasksRefused++;
                break;
            case KeyOffered offered:
                Get(offered.Device).OfferedGeneration = offered.Generation;
                break;
            case KeyRotated rotated:
                Get(rotated.Device).KeyGeneration = rotated.Generation;
                break;
        }
    }

    /// <summary>Takes a secret from a blob, or forgets it.</summary>
    public void PutSecret(string key, byte[]? bytes)
    {
        var (kind, name) = SplitSecret(key);
        switch (kind)
        {
            case "join" when codes.TryGetValue(name, out var code):
                code.Secret = bytes;
                break;
            case "device" when devices.TryGetValue(name, out var device):
                device.Key = bytes ?? [];
                break;
            case "next" when devices.TryGetValue(name, out var device):
                device.NextKey = bytes;
                break;
        }
    }

    /// <summary>Every device must have its key after recovery; a missing one names the damage.</summary>
    public void RequireKeys()
    {
        foreach (var device in devices.Values)
            if (device.Key.Length != 32)
                throw new CorruptRecordException($"the key of device {device.Id} is missing from the store");
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(codes.Count);
        foreach (var code in codes.Values)
        {
            w.Text(code.Id);
            w.Text(code.Name);
            w.Text(code.Owner);
            w.Unsigned(code.ExpiresUtcMs);
            w.Unsigned(code.Failures);
            w.Text(code.UsedBy);
        }
        w.Unsigned(devices.Count);
        foreach (var device in devices.Values)
        {
            w.Text(device.Id.Value);
            w.Text(device.CodeId);
            w.Text(device.Owner);
            w.Text(device.JoinedBoard);
            w.Unsigned(device.JoinedUtcMs);
            w.Bytes(device.NonceB);
            w.Bytes(device.NonceG);
            w.Bytes(device.OfferMac);
            w.Bytes(device.AcceptMac);
            w.Unsigned(device.LoginNumber);
            w.Unsigned(device.RecentLogins.Count);
            foreach (var login in device.RecentLogins)
                w.Unsigned(login);
            w.Bool(device.Held);
            w.Byte((byte)device.HeldReason);
            w.Unsigned(device.KeyGeneration);
            w.Unsigned(device.OfferedGeneration);
            w.Unsigned(device.TasksOk);
            w.Unsigned(device.TasksRefused);
            w.Bool(device.Birth is not null);
            device.Birth?.WriteFields(w);
        }
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        for (var n = r.Count(); n > 0; n--)
        {
            var code = new IssuedCode(r.Text()) { Name = r.Text(), Owner = r.Text(), ExpiresUtcMs = r.Unsigned(), Failures = (int)r.Unsigned(), UsedBy = r.Text() };
            codes[code.Id] = code;
            if (code.UsedBy.Length == 0)
                unused.Add((code.ExpiresUtcMs, code.Id));
        }
        for (var n = r.Count(); n > 0; n--)
        {
            var device = new Device(new DeviceId(r.Text()))
            {
                CodeId = r.Text(),
                Owner = r.Text(),
                JoinedBoard = r.Text(),
                JoinedUtcMs = r.Unsigned(),
                NonceB = r.Bytes(),
                NonceG = r.Bytes(),
                OfferMac = r.Bytes(),
                AcceptMac = r.Bytes(),
                LoginNumber = r.Unsigned(),
            };
            for (var logins = r.Count(); logins > 0; logins--)
                device.RecentLogins.Enqueue(r.Unsigned());
            device.Held = r.Bool();
            device.HeldReason = (ReasonCode)r.Byte();
            device.KeyGeneration = (int)r.Unsigned();
            device.OfferedGeneration = (int)r.Unsigned();
            device.TasksOk = r.Unsigned();
            device.TasksRefused = r.Unsigned();
            device.Birth = r.Bool() ? DeviceBorn.Read(ref r) : null;
            devices[device.Id.Value] = device;
        }
    }

    private static (string Kind, string Name) SplitSecret(string key)
    {
        var parts = key.Split('/', 3);
        return parts.Length == 3 ? (parts[1], parts[2]) : ("", "");
    }

    private void Joined(DeviceJoined joined)
    {
        if (codes.TryGetValue(joined.CodeId, out var code))
        {
            code.UsedBy = joined.Device.Value;
            code.Pending = null;
            unused.Remove((code.ExpiresUtcMs, code.Id));
        }
        // Joining again under an old name is how an owner replaces a lost or copied key: the counters start anew with the key.
        // Of a name's codes only the last is remembered: whoever still holds an older one is told that nobody knows it.
        var before = devices.GetValueOrDefault(joined.Device.Value);
        if (before is not null && before.CodeId != joined.CodeId)
            codes.Remove(before.CodeId);
        devices[joined.Device.Value] = new Device(joined.Device)
        {
            CodeId = joined.CodeId,
            Owner = joined.Owner,
            JoinedBoard = joined.Board,
            JoinedUtcMs = joined.UtcMs,
            NonceB = joined.NonceB,
            NonceG = joined.NonceG,
            OfferMac = joined.OfferMac,
            AcceptMac = joined.AcceptMac,
            TasksOk = before?.TasksOk ?? 0,
            TasksRefused = before?.TasksRefused ?? 0,
            FramesIgnored = before?.FramesIgnored ?? 0,
        };
    }
}
