// What a kind of board is: the figures that its simulated hardware and its announcement to the gateway are made of.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulator.Hardware;

/// <summary>One kind of board. The three that are built in stand for the classes the firmware and the node program serve.</summary>
public sealed record BoardProfile
{
    /// <summary>Short name of the kind, as people choose it: <c>esp32</c>. Matches [a-z0-9-]{1,32}; the prefix of device ids.</summary>
    public required string Kind { get; init; }

    /// <summary>The board as its maker calls it, at most 24 characters.</summary>
    public required string Board { get; init; }

    /// <summary>The chip, at most 24 characters.</summary>
    public required string Chip { get; init; }

    /// <summary>Wasm operators a second in the agent's interpreter. Estimates, not measurements, until real boards report theirs.</summary>
    public required int FuelPerSecond { get; init; }

    /// <summary>Managed heap that an application may use, bytes.</summary>
    public required int HeapBytes { get; init; }

    /// <summary>The largest <c>memory_bytes</c> of a program the board commits to.</summary>
    public required int MemoryBytesMax { get; init; }

    /// <summary>The largest program image the board keeps, bytes.</summary>
    public required int ImageBytesMax { get; init; }

    /// <summary>What it measures: bits of <see cref="TelemetryField"/>.</summary>
    public required int Sensors { get; init; }

    /// <summary>One of <see cref="Agent.Wire.PowerSource"/>.</summary>
    public required int PowerSource { get; init; }

    /// <summary>Supply voltage, millivolt.</summary>
    public required int SupplyMv { get; init; }

    /// <summary>Power while waiting with the radio on, milliwatt.</summary>
    public required int IdleMw { get; init; }

    /// <summary>Power while the processor works, milliwatt.</summary>
    public required int ActiveMw { get; init; }

    private const int Environment = TelemetryField.Temperature | TelemetryField.Humidity | TelemetryField.Pressure | TelemetryField.Illuminance;
    private const int Meter = TelemetryField.Voltage | TelemetryField.Current | TelemetryField.Energy | TelemetryField.TaskEnergy | TelemetryField.Source;
    private const int Health = TelemetryField.Uptime | TelemetryField.HeapFree;

    /// <summary>
    /// ESP32-WROOM-32 on a development board with a BME280 and a light sensor, on USB power. Heap: 111 KB measured for nanoFramework
    /// without PSRAM; speed: middle of the expected 0.1 to 0.3 M operators/s at 240 MHz; power: the datasheet's modem-sleep and
    /// active ranges at 3.3 V plus a regulator's loss.
    /// </summary>
    public static BoardProfile Esp32 { get; } = new()
    {
        Kind = "esp32",
        Board = "esp32-devkitc",
        Chip = "esp32",
        FuelPerSecond = 200_000,
        HeapBytes = 111_000,
        MemoryBytesMax = 32 * 1024,
        ImageBytesMax = 16 * 1024,
        Sensors = Environment | Meter | Health | TelemetryField.Rssi,
        PowerSource = Agent.Wire.PowerSource.Mains,
        SupplyMv = 5_000,
        IdleMw = 180,
        ActiveMw = 420,
    };

    /// <summary>
    /// Raspberry Pi Pico W with a temperature and humidity sensor, a small solar panel and one lithium cell. The RP2040's Cortex-M0+
    /// at 133 MHz, without a barrel of cache, is taken at under half of an ESP32.
    /// </summary>
    public static BoardProfile PicoW { get; } = new()
    {
        Kind = "picow",
        Board = "raspberry-pi-pico-w",
        Chip = "rp2040",
        FuelPerSecond = 80_000,
        HeapBytes = 96_000,
        MemoryBytesMax = 24 * 1024,
        ImageBytesMax = 16 * 1024,
        Sensors = TelemetryField.Temperature | TelemetryField.Humidity | TelemetryField.Battery | Meter | Health | TelemetryField.Rssi,
        PowerSource = Agent.Wire.PowerSource.Solar,
        SupplyMv = 3_900,
        IdleMw = 90,
        ActiveMw = 210,
    };

    /// <summary>
    /// Raspberry Pi Zero 2 W on mains with the .NET node program. 20 M operators/s for the interpreter on one 1 GHz Cortex-A53 core
    /// is an estimate: about a tenth of a desktop core.
    /// </summary>
    public static BoardProfile Pi { get; } = new()
    {
        Kind = "pi",
        Board = "raspberry-pi-zero-2-w",
        Chip = "bcm2710a1",
        FuelPerSecond = 20_000_000,
        HeapBytes = 256 * 1024 * 1024,
        MemoryBytesMax = 16 * 1024 * 1024,
        ImageBytesMax = 1024 * 1024,
        Sensors = TelemetryField.Temperature | TelemetryField.Pressure | Meter | Health | TelemetryField.Rssi,
        PowerSource = Agent.Wire.PowerSource.Mains,
        SupplyMv = 5_100,
        IdleMw = 650,
        ActiveMw = 1_900,
    };

    /// <summary>Every built-in kind.</summary>
    public static IReadOnlyList<BoardProfile> All { get; } = [Esp32, PicoW, Pi];

    /// <summary>The profile of that kind, or null.</summary>
    public static BoardProfile? Find(string kind) => All.FirstOrDefault(p => p.Kind == kind);
}
