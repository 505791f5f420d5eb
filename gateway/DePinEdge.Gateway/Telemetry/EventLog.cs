using System.Globalization;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>
/// What happened, as CloudEvents 1.0 in structured JSON, one message each, not retained. Refusals are limited, because whoever can reach
/// the port can cause them: those left out are counted in the next one.
/// </summary>
public sealed class EventLog(string site)
{
    /// <summary>Refusals published within one second, of log-ins and joins and apart from them of all else; further ones are counted.</summary>
    public const int RefusalsPerSecond = 50;

    private readonly TopicNames topics = new(site);
    private readonly List<Publication> outbox = [];
    private long numbered;
    private long secondMs = -1_000;

    // Log-ins and joins have a share of their own: strangers cannot keep what boards are refused out of sight.
    private int inSecond, inSecondOfStrangers;
    private long leftOut;

    /// <summary>Refusals that were left out since the start.</summary>
    public long LeftOut { get; private set; }

    public void Take(List<Publication> into)
    {
        into.AddRange(outbox);
        outbox.Clear();
    }

    public void DeviceJoined(DeviceJoined joined, Instant now) =>
        Add(EventTypes.DeviceJoined, Data(EventTypes.DeviceJoined, joined.Device.Value, now).Add("board", joined.Board));

    public void DeviceReady(string device, string unit, Instant now) =>
        Add(EventTypes.DeviceReady, Data(EventTypes.DeviceReady, device, now).AddKnown("unit", unit));

    public void DeviceLost(string device, string why, Instant now) =>
        Add(EventTypes.DeviceLost, Data(EventTypes.DeviceLost, device, now).Add("detail", why));

    public void DeviceHeld(DeviceHeld held, Instant now) =>
        Add(EventTypes.DeviceHeld, Reason(Data(EventTypes.DeviceHeld, held.Device.Value, now), held.Reason));

    public void JobSubmitted(JobView job, Instant now) =>
        Add(EventTypes.JobSubmitted, Data(EventTypes.JobSubmitted, job.Id, now).AddKnown("title", job.Title).Add("program", job.ProgramName).Add("total", job.Total));

    /// <summary>A job that is completed, failed or cancelled.</summary>
    public void JobEnded(JobView job, Instant now)
    {
        var type = job.State switch { "completed" => EventTypes.JobCompleted, "cancelled" => EventTypes.JobCancelled, _ => EventTypes.JobFailed };
        Add(type, Data(type, job.Id, now).Add("done", job.Done).Add("failed", job.Failed).Add("total", job.Total).Add("credits", job.PaidMicro / 1e6));
    }

    public void EpochSealed(EpochSealed seal, Instant now)
    {
        var name = seal.Epoch.ToString(CultureInfo.InvariantCulture);
        Add(EventTypes.EpochSealed, Data(EventTypes.EpochSealed, name, now).Add("epoch", seal.Epoch).Add("accounts", seal.Accounts)
            .Add("root", Convert.ToHexStringLower(seal.Root)));
    }

    public void Refused(Refused refused, Instant now)
    {
        if (now.Ms - secondMs >= 1_000)
            (secondMs, inSecond, inSecondOfStrangers) = (now.Ms, 0, 0);
        ref var share = ref refused.What is RefusedWhat.Login or RefusedWhat.Join ? ref inSecondOfStrangers : ref inSecond;
        if (++share > RefusalsPerSecond)
        {
            leftOut++;
            LeftOut++;
            return;
        }
        var type = TypeOf(refused);
        var data = Reason(Data(type, refused.Who, now), refused.Reason);
        if (refused.Batch.Number != 0)
            data.Add("batch", refused.Batch.ToString());
        if (refused.Job.Number != 0)
            data.Add("job", refused.Job.ToString());
        data.AddKnown("tasks", refused.Tasks).Add("detail", refused.Detail).AddKnown("left_out", leftOut);
        leftOut = 0;
        Add(type, data);
    }

    private static string TypeOf(Refused refused) => refused.What switch
    {
        RefusedWhat.Frame => EventTypes.FrameRefused,
        RefusedWhat.Login => EventTypes.LoginRefused,
        RefusedWhat.Join => EventTypes.JoinRefused,
        _ => refused.Reason == ReasonCode.Throttled ? EventTypes.DeviceThrottled : EventTypes.RewardRefused,
    };

    private static FlatJson Reason(FlatJson json, ReasonCode reason) => json.Add("reason", ReasonNames.Of(reason)).Add("reason_number", (long)reason);

    // The attributes, and the data begun.
    private FlatJson Data(string type, string subject, Instant now) => new FlatJson().Add("specversion", "1.0").Add("id", $"{now.UtcMs}-{++numbered}")
        .Add("source", $"depin/{site}").Add("type", type).Add("subject", subject)
        .Add("time", DateTimeOffset.FromUnixTimeMilliseconds(now.UtcMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
        .Add("datacontenttype", "application/json").Begin("data");

    private void Add(string type, FlatJson json) => outbox.Add(new Publication(topics.Event(type), json.ToBytes(), false, true));
}
