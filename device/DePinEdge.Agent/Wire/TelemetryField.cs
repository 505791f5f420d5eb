// The bits that say which readings a Telemetry holds.
namespace DePinEdge.Agent.Wire;

/// <summary>Bits of Telemetry.Present, in the order of the packed form.</summary>
public static class TelemetryField
{
    public const int Temperature = 1;
    public const int Humidity = 1 << 1;
    public const int Pressure = 1 << 2;
    public const int Illuminance = 1 << 3;
    public const int Voltage = 1 << 4;
    public const int Current = 1 << 5;
    public const int Battery = 1 << 6;
    public const int Energy = 1 << 7;
    public const int Uptime = 1 << 8;
    public const int HeapFree = 1 << 9;
    public const int Rssi = 1 << 10;
    public const int Queue = 1 << 11;
    public const int TasksOk = 1 << 12;
    public const int TasksErr = 1 << 13;
    public const int TaskEnergy = 1 << 14;
    /// <summary>Stands in the lead's low bits, not in the order.</summary>
    public const int Source = 1 << 15;

    /// <summary>The fields that have a place in the order: all but Source.</summary>
    public const int InOrder = Source - 1;
    /// <summary>Every field.</summary>
    public const int All = InOrder | Source;
}
