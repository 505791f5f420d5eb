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
    private readonly List<Publication> publications = [];
    private long startedMs;

    /// <summary>A restart finds the broker's retained messages gone: everything that is known is published again.</summary>
    public void Everything(EpochSealed? lastSeal, Instant now)
    {
        startedMs = now.Ms;
        Gateway(now);
        foreach (var device in devices.Table.All)
        {
            telemetry.DeviceState(device.Id.Value, device.Birth is null ? "init" : "lost", false, now);
            if (device.Birth is not null)
                telemetry.DeviceInfo(views.Of(device));
        }
        foreach (var unit in scheduling.Units.All)
            telemetry.Unit(views.Of(unit));
        foreach (var job in scheduling.Jobs.Running.Values)
            telemetry.Job(views.Of(job, now));
        if (lastSeal is not null)
            telemetry.Root(lastSeal, null);
    }

    public void DeviceReady(DeviceId device, Instant now)
    {
        telemetry.DeviceState(device.Value, views.StateOf(devices.Table.Get(device)), true, now);
        telemetry.DeviceInfo(views.Of(devices.Table.Get(device)));
        UnitOf(device);
        Gateway(now);
    }

    /// <summary>The device was throttled, or is no longer.</summary>
    public void DeviceTrust(DeviceId device, Instant now)
    {
        if (devices.Table.Get(device) is { Session.Born: true } row)
            telemetry.DeviceState(device.Value, views.StateOf(row), true, now);
    }

    public void DeviceLost(DeviceId device, Instant now)
    {
        telemetry.DeviceState(device.Value, "lost", false, now);
        UnitOf(device);
    }

    /// <summary>A batch of the job and the device came to an end.</summary>
    public void BatchEnded(JobId job, DeviceId device, Instant now)
    {
        telemetry.JobChanged(job);
        UnitOf(device);
        Due(now);
    }

    /// <summary>Publishes the aggregates whose time has come.</summary>
    public void Due(Instant now)
    {
        var (jobs, units) = telemetry.TakeDue(now.Ms);
        foreach (var name in jobs)
            if (views.FindJob(name) is { } job)
                telemetry.Job(views.Of(job, now));
        foreach (var name in units)
            if (scheduling.Units.Find(new UnitId(name)) is { } unit)
                telemetry.Unit(views.Of(unit));
    }

    /// <summary>Hands everything that waits to the broker; at the end of each input.</summary>
    public void Flush()
    {
        telemetry.Take(publications);
        foreach (var publication in publications)
            broker.Publish(publication.Topic, publication.Payload, publication.AtLeastOnce ? QoS.AtLeastOnce : QoS.AtMostOnce, publication.Retain);
        publications.Clear();
    }

    private void UnitOf(DeviceId device)
    {
        if (scheduling.Units.Of(device) is { } unit)
            telemetry.UnitChanged(unit.Id);
    }

    private void Gateway(Instant now) =>
        telemetry.Gateway(true, GatewayViews.Version, (now.Ms - startedMs) / 1000, devices.Table.Count, scheduling.Units.Count);
}
