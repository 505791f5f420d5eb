using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway;

/// <summary>
/// Tells the outside what changed: shows Telemetry the views of the tables an input touched, and hands its publications to the broker.
/// In: what the core did. Out: public topics. It decides nothing and owns nothing.
/// </summary>
internal sealed class GatewayNews(IBroker broker, DeviceStage devices, SchedulingStage scheduling, TelemetryStage telemetry, GatewayViews views)
{
    private static readonly PublishProperties Json = PublishProperties.Of("application/json", true), Text = PublishProperties.Of("text/plain", true);

    private readonly List<Publication> publications = [];
    private long startedMs;

    /// <summary>A restart finds the broker's retained messages gone: everything that is known is published again.</summary>
    public void Everything(EpochSealed? lastSeal, Instant now)
    {
        startedMs = now.Ms;
        while (scheduling.Jobs.TryTakeForgotten(out _))
        {
            // Nothing of it was published in this run.
        }
        Gateway(true, now);
        foreach (var device in devices.Table.All)
        {
            State(device, now);
            if (device.Birth is not { } birth)
                continue;
            Info(birth);
            telemetry.DeviceDiscovery(birth, GatewayViews.Version);
        }
        foreach (var unit in scheduling.Units.All)
            Unit(unit);
        foreach (var job in scheduling.Jobs.All)
            telemetry.Job(views.Of(job, now));
        if (lastSeal is not null)
            telemetry.Root(lastSeal, null);
    }

    /// <summary>An orderly stop: whoever listens knows before the connection ends.</summary>
    public void Stopping(Instant now) => Gateway(false, now);

    /// <summary>A record is about to be applied: a device that is born as another board leaves its unit with it.</summary>
    public void Before(DurableRecord record)
    {
        if (record is DeviceBorn born)
            UnitOf(born.Device);
    }

    /// <summary>A record was made and applied.</summary>
    public void After(DurableRecord record, Instant now)
    {
        switch (record)
        {
            case DeviceJoined joined:
                telemetry.DeviceReplaced(joined.Device.Value);
                State(devices.Table.Get(joined.Device), now);
                telemetry.Events.DeviceJoined(joined, now);
                Gateway(true, now);
                break;
            case DeviceBorn born:
                telemetry.DeviceDiscovery(born, GatewayViews.Version);
                UnitOf(born.Device);
                break;
            case DeviceHeld held:
                State(devices.Table.Get(held.Device), now);
                if (held.Held)
                    telemetry.Events.DeviceHeld(held, now);
                break;
            case JobSubmitted submitted:
                telemetry.JobChanged(submitted.Job);
                telemetry.Events.JobSubmitted(views.Of(scheduling.Jobs.Get(submitted.Job), now), now);
                break;
            case JobEnded ended:
                var job = views.Of(scheduling.Jobs.Get(ended.Job), now);
                telemetry.Job(job);
                telemetry.Events.JobEnded(job, now);
                while (scheduling.Jobs.TryTakeForgotten(out var old))
                    telemetry.JobForgotten(old);
                break;
            case EpochSealed seal:
                telemetry.Root(seal, null);
                telemetry.Events.EpochSealed(seal, now);
                break;
        }
    }

    /// <summary>A device opened its session; after a sleep as promised that is no event.</summary>
    public void DeviceReady(DeviceId device, bool slept, Instant now)
    {
        var row = devices.Table.Get(device);
        State(row, now);
        Info(row.Birth!);
        UnitOf(device);
        Gateway(true, now);
        if (!slept)
            telemetry.Events.DeviceReady(device.Value, scheduling.Units.Of(device)?.Id.Value ?? "", now);
    }

    /// <summary>The device was throttled, or is no longer.</summary>
    public void DeviceTrust(DeviceId device, Instant now)
    {
        if (devices.Table.Get(device) is { Session.Born: true } row)
            State(row, now);
    }

    /// <summary>A device's session ended, or it overslept.</summary>
    public void DeviceLost(DeviceId device, string why, Instant now)
    {
        var row = devices.Table.Get(device);
        State(row, now);
        UnitOf(device);
        if (row.WakesAt is null)
            telemetry.Events.DeviceLost(device.Value, why, now);
    }

    /// <summary>A batch of the job and the device came to an end.</summary>
    public void BatchEnded(JobId job, DeviceId device, Instant now)
    {
        telemetry.JobChanged(job);
        UnitOf(device);
        Due(now);
    }

    /// <summary>Publishes what time has come for.</summary>
    public void Due(Instant now)
    {
        if (telemetry.InfoDue(now.Ms))
            Gateway(true, now);
        var (jobs, units) = telemetry.TakeDue(now.Ms);
        foreach (var name in jobs)
            if (views.FindJob(name) is { } job)
                telemetry.Job(views.Of(job, now));
        foreach (var name in units)
            if (scheduling.Units.Find(new UnitId(name)) is { } unit)
                Unit(unit);
            else
                telemetry.UnitGone(name);
    }

    /// <summary>Hands everything that waits to the broker; at the end of each input.</summary>
    public void Flush()
    {
        telemetry.Take(publications);
        foreach (var publication in publications)
            broker.Publish(publication.Topic, publication.Payload, publication.AtLeastOnce ? QoS.AtLeastOnce : QoS.AtMostOnce, publication.Retain,
                publication.Payload is [(byte)'{', ..] ? Json : Text); // all that people read is one flat object, or a word
        publications.Clear();
    }

    private void State(Device device, Instant now)
    {
        var online = !device.Held && (device.Session is { Born: true } || device.WakesAt is not null);
        telemetry.DeviceState(device.Id.Value, views.StateOf(device), online, device.WakesAt?.UtcMs ?? 0,
            device.Held ? ReasonNames.Of(device.HeldReason) : "", now);
    }

    private void Info(DeviceBorn birth) => telemetry.DeviceInfo(birth, scheduling.Units.Of(birth.Device)?.Id.Value ?? "");

    private void Unit(ComputeUnit unit)
    {
        long sum = 0;
        var measured = 0;
        foreach (var member in unit.Members)
            if (telemetry.TaskCentiMjOf(member) is >= 0 and var centiMj)
            {
                sum += centiMj;
                measured++;
            }
        telemetry.Unit(views.Of(unit), measured == 0 ? -1 : sum / 100.0 / measured);
    }

    private void UnitOf(DeviceId device)
    {
        if (scheduling.Units.Of(device) is { } unit)
            telemetry.UnitChanged(unit.Id);
    }

    private void Gateway(bool online, Instant now) =>
        telemetry.Gateway(online, GatewayViews.Version, (now.Ms - startedMs) / 1000, views.Counters(), scheduling.Jobs.Running.Count, now);
}
