using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

/// <summary>Records of every kind with drawn fields, small and large, for tests of their bytes.</summary>
internal static class RandomRecords
{
    public static DurableRecord Next(RecordCode code, Random r)
    {
        DurableRecord record = code switch
        {
            RecordCode.LedgerOpened => new LedgerOpened(Text(r), Text(r)),
            RecordCode.JoinCodeIssued => new JoinCodeIssued(Text(r), Text(r), Text(r), Long(r)),
            RecordCode.JoinCodeFailed => new JoinCodeFailed(Text(r), Int(r)),
            RecordCode.DeviceJoined => new DeviceJoined(Device(r), Text(r), Text(r), Text(r), Bytes(r), Bytes(r), Bytes(r), Bytes(r)),
            RecordCode.DeviceLoggedIn => new DeviceLoggedIn(Device(r), Long(r)),
            RecordCode.DeviceBorn => new DeviceBorn(Device(r), Text(r), Text(r), Text(r), Int(r), Int(r), Long(r), Int(r), Int(r), Long(r), Long(r), Int(r), Long(r)),
            RecordCode.DeviceHeld => new DeviceHeld(Device(r), (ReasonCode)r.Next(256), r.Next(2) == 0),
            RecordCode.KeyOffered => new KeyOffered(Device(r), Int(r)),
            RecordCode.KeyRotated => new KeyRotated(Device(r), Int(r)),
            RecordCode.ProgramAdded => new ProgramAdded(Hash(r), Text(r), Text(r), Int(r), Int(r), Int(r), Long(r), Long(r), (OutputKind)r.Next(3), (Reduction)r.Next(5)),
            RecordCode.JobSubmitted => new JobSubmitted(new JobId(Long(r)), Text(r), Text(r), Text(r), Hash(r), Long(r), r.Next(2) == 0, Long(r), Bytes(r), Long(r), Long(r), Long(r), Int(r)),
            RecordCode.BatchDispatched => new BatchDispatched(new BatchId(Long(r)), new JobId(Long(r)), Device(r), new UnitId(Text(r)), Ascending(r), Int(r)),
            RecordCode.BatchJudged => new BatchJudged(new BatchId(Long(r)), new JobId(Long(r)), Device(r), Int(r), Int(r), Int(r), [.. Ascending(r).Select(task => Verdict(task, r))]),
            RecordCode.LeaseEnded => new LeaseEnded(new BatchId(Long(r)), (ReasonCode)r.Next(256)),
            RecordCode.JobEnded => new JobEnded(new JobId(Long(r)), (JobState)r.Next(4)),
            RecordCode.Transferred => new Transferred((TransferKind)r.Next(1, 8), Long(r), Text(r), Text(r), Long(r)),
            RecordCode.EpochSealed => new EpochSealed(Long(r), Int(r), Bytes(r, 32), Bytes(r, 32), Bytes(r, 32), Bytes(r, 32), Bytes(r, 32), Bytes(r, 32)),
            RecordCode.EpochSigned => new EpochSigned(Long(r), Bytes(r), Bytes(r)),
            RecordCode.JobCancelled => new JobCancelled(new JobId(Long(r))),
            _ => throw new ArgumentOutOfRangeException(nameof(code)),
        };
        return record with { UtcMs = Long(r) };
    }

    private static TaskVerdict Verdict(long task, Random r) =>
        new(task, r.Next(2) == 0 ? ReasonCode.Paid : (ReasonCode)r.Next(256), r.Next(2) == 0 ? 0 : r.Next(int.MinValue, int.MaxValue),
            r.Next(2) == 0 ? (byte)0 : (byte)r.Next(256), Long(r), Bytes(r));

    private static long[] Ascending(Random r)
    {
        var tasks = new long[r.Next(33)];
        long before = -1;
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = before += 1 + (r.Next(3) == 0 ? r.NextInt64(1L << 40) : 0);
        return tasks;
    }

    private static long Long(Random r) => r.Next(10) == 0 ? long.MaxValue : r.NextInt64() >> r.Next(63);

    private static int Int(Random r) => r.Next(10) == 0 ? int.MaxValue : r.Next() >> r.Next(31);

    private static DeviceId Device(Random r) => new($"esp32-{r.Next(100)}");

    private static ProgramHash Hash(Random r) => ProgramHash.Of(Bytes(r, 32));

    private static string Text(Random r) => r.Next(8) switch
    {
        0 => "",
        1 => new string('x', r.Next(300)),
        2 => "Küche 温度 \U0001F321 \"\n",
        _ => $"name-{r.Next(1_000)}",
    };

    private static byte[] Bytes(Random r) => Bytes(r, r.Next(4) == 0 ? 0 : r.Next(100));

    private static byte[] Bytes(Random r, int count)
    {
        var bytes = new byte[count];
        r.NextBytes(bytes);
        return bytes;
    }
}
