using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Verification;

/// <summary>
/// Strikes of each device. A wrong result is a strike, a row of right ones takes one away; three strikes throttle the device to single
/// canary tasks, and a wrong canary doubles the wait for the next. The way back is work, not time. Derived from the verdicts alone, so
/// that a replay gives the same table.
/// </summary>
public sealed class StandingTable : IStanding
{
    /// <summary>Strikes from which a device is throttled.</summary>
    public const int ThrottledAt = 3;

    /// <summary>Most strikes counted: a long row of lies in one batch must not close the way back.</summary>
    public const int StrikesMax = 5;

    /// <summary>Right results in a row that take one strike away, and that make a device without strikes a proven one. Those beside a wrong
    /// one in the same batch do not count: a lie among many truths is no accident.</summary>
    public const int RightForOne = 50;

    /// <summary>Wait after the first wrong result of a throttled device, ms; each further one doubles it.</summary>
    public const long CanaryWaitMinMs = 1_000;

    /// <summary>Longest wait between two canaries, ms.</summary>
    public const long CanaryWaitMaxMs = 64_000;

    private readonly SortedDictionary<string, Row> rows = new(StringComparer.Ordinal);

    /// <summary>The device's strikes, 0 to <see cref="StrikesMax"/>.</summary>
    public int StrikesOf(DeviceId device) => rows.TryGetValue(device.Value, out var row) ? row.Strikes : 0;

    /// <summary>Right results since the last strike was given or taken.</summary>
    public int RightInRowOf(DeviceId device) => rows.TryGetValue(device.Value, out var row) ? row.RightInRow : 0;

    public Standing StandingOf(DeviceId device) => rows.TryGetValue(device.Value, out var row) ? row.Standing : Standing.Fresh;

    public long CanaryWaitMs(DeviceId device, long utcMs)
    {
        if (!rows.TryGetValue(device.Value, out var row))
            return 0;
        var wait = row.NotBeforeUtcMs - utcMs;
        // A wall clock that was set back must not close the way back either.
        return wait is > 0 and <= CanaryWaitMaxMs ? wait : 0;
    }

    public void Apply(DurableRecord record)
    {
        if (record is not BatchJudged judged)
            return;
        var right = judged.Lines.Count(line => line.Reason == ReasonCode.Paid);
        var wrong = judged.Lines.Count(line => line.Reason is not (ReasonCode.Paid or ReasonCode.Abandoned));
        if (right + wrong == 0)
            return;
        if (!rows.TryGetValue(judged.Device.Value, out var row))
            rows[judged.Device.Value] = row = new Row();
        if (wrong > 0)
            row.Wrong(wrong, judged.UtcMs);
        else
            row.Right(right);
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(rows.Count);
        foreach (var (device, row) in rows)
        {
            w.Text(device);
            row.Write(w);
        }
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        for (var n = r.Count(); n > 0; n--)
        {
            var device = r.Text();
            rows[device] = Row.Read(ref r);
        }
    }

    private sealed class Row
    {
        private int wrongCanaries;

        public int Strikes { get; private set; }

        public int RightInRow { get; private set; }

        public long NotBeforeUtcMs { get; private set; }

        public Standing Standing => Strikes >= ThrottledAt ? Standing.Throttled
            : Strikes > 0 ? Standing.Marked
            : RightInRow < RightForOne ? Standing.Fresh : Standing.Proven;

        public static Row Read(ref RecordReader r) => new()
        {
            Strikes = (int)r.Unsigned(),
            RightInRow = (int)r.Unsigned(),
            wrongCanaries = (int)r.Unsigned(),
            NotBeforeUtcMs = r.Unsigned(),
        };

        public void Write(RecordWriter w)
        {
            w.Unsigned(Strikes);
            w.Unsigned(RightInRow);
            w.Unsigned(wrongCanaries);
            w.Unsigned(NotBeforeUtcMs);
        }

        public void Wrong(int results, long utcMs)
        {
            Strikes = Math.Min(Strikes + results, StrikesMax);
            RightInRow = 0;
            if (Strikes < ThrottledAt)
                return;
            NotBeforeUtcMs = utcMs + Math.Min(CanaryWaitMinMs << wrongCanaries, CanaryWaitMaxMs);
            wrongCanaries = Math.Min(wrongCanaries + 1, 6);
        }

        public void Right(int results)
        {
            (wrongCanaries, NotBeforeUtcMs) = (0, 0);
            RightInRow += results;
            for (; Strikes > 0 && RightInRow >= RightForOne; RightInRow -= RightForOne)
                Strikes--;
            // Without strikes it stays at the top: what a snapshot holds does not grow with every result.
            RightInRow = Math.Min(RightInRow, RightForOne);
        }
    }
}
