namespace DePinEdge.Gateway.Telemetry;

/// <summary>The public topics of protocol.md: written by the gateway alone, read by dashboards. gateway/asyncapi.yaml describes each.</summary>
public sealed class TopicNames(string site)
{
    private readonly string root = $"depin/v1/{site}";

    public string DeviceStatus(string device) => $"{root}/device/{device}/status";

    public string DeviceState(string device) => $"{root}/device/{device}/state";

    public string DeviceInfo(string device) => $"{root}/device/{device}/info";

    public string DeviceTelemetry(string device, string group) => $"{root}/device/{device}/telemetry/{group}";

    public string GatewayStatus => $"{root}/gateway/status";

    public string GatewayInfo => $"{root}/gateway/info";

    public string UnitState(string unit) => $"{root}/unit/{unit}/state";

    public string JobProgress(string job) => $"{root}/job/{job}/progress";

    public string LedgerRoot => $"{root}/ledger/root";

    public string Event(string type) => $"{root}/event/{type}";

    /// <summary>Home Assistant's discovery of one device; its prefix is theirs.</summary>
    public string HomeAssistant(string device) => $"homeassistant/device/depin_{device}/config";
}
