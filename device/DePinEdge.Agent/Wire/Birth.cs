// What a board is and can do.
namespace DePinEdge.Agent.Wire;

/// <summary>Up, the first frame after Welcome. The body has at most FrameLimits.BirthBytesMax bytes.</summary>
public sealed class Birth
{
    /// <summary>Model, for example esp32-devkit-v1.</summary>
    public string Board = "";
    /// <summary>For example esp32, rp2040, x64.</summary>
    public string Chip = "";
    /// <summary>Version of the firmware.</summary>
    public string Firmware = "";
    /// <summary>Version of the register code that it runs.</summary>
    public int EngineVersion;
    /// <summary>Version of the host ABI.</summary>
    public int AbiVersion;
    /// <summary>Measured at start.</summary>
    public long FuelPerSecond;
    /// <summary>Free heap now.</summary>
    public int HeapFreeBytes;
    /// <summary>TelemetryField bits that it can measure.</summary>
    public int SensorBits;
    /// <summary>A PowerSource.</summary>
    public int PowerSource;
    /// <summary>Host imports that programs may use, after the owner's veto.</summary>
    public int CapabilityBits;
    /// <summary>Sleep between wakes; 0: always awake.</summary>
    public long WakePlanMs;
    /// <summary>1 for each conformance group that failed; 0: all passed.</summary>
    public int SelfTestBits;
    /// <summary>As the chip names it; 0: power on.</summary>
    public int ResetReason;
    /// <summary>Least free heap since boot.</summary>
    public int LeastHeapBytes;
    /// <summary>Longest pause for garbage collection since boot, ms.</summary>
    public int LongestGcMs;
    /// <summary>The largest memory_bytes of a program that it can commit.</summary>
    public int MemoryBytesMax;
    /// <summary>The largest program image that it takes.</summary>
    public int ImageBytesMax;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Text(buffer, offset, 1, Board, FrameLimits.NameBytesMax);
        at = ProtoWriter.Text(buffer, at, 2, Chip, FrameLimits.NameBytesMax);
        at = ProtoWriter.Text(buffer, at, 3, Firmware, FrameLimits.NameBytesMax);
        at = ProtoWriter.Unsigned(buffer, at, 4, EngineVersion);
        at = ProtoWriter.Unsigned(buffer, at, 5, AbiVersion);
        at = ProtoWriter.Unsigned(buffer, at, 6, FuelPerSecond);
        at = ProtoWriter.Unsigned(buffer, at, 7, HeapFreeBytes);
        at = ProtoWriter.Unsigned(buffer, at, 8, SensorBits);
        at = ProtoWriter.Unsigned(buffer, at, 9, PowerSource);
        at = ProtoWriter.Unsigned(buffer, at, 10, CapabilityBits);
        at = ProtoWriter.Unsigned(buffer, at, 11, WakePlanMs);
        at = ProtoWriter.Unsigned(buffer, at, 12, SelfTestBits);
        at = ProtoWriter.Unsigned(buffer, at, 13, ResetReason);
        at = ProtoWriter.Unsigned(buffer, at, 14, LeastHeapBytes);
        at = ProtoWriter.Unsigned(buffer, at, 15, LongestGcMs);
        at = ProtoWriter.Unsigned(buffer, at, 16, MemoryBytesMax);
        at = ProtoWriter.Unsigned(buffer, at, 17, ImageBytesMax);
        return at < 0 || at - offset > FrameLimits.BirthBytesMax ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        Board = "";
        Chip = "";
        Firmware = "";
        EngineVersion = 0;
        AbiVersion = 0;
        FuelPerSecond = 0;
        HeapFreeBytes = 0;
        SensorBits = 0;
        PowerSource = 0;
        CapabilityBits = 0;
        WakePlanMs = 0;
        SelfTestBits = 0;
        ResetReason = 0;
        LeastHeapBytes = 0;
        LongestGcMs = 0;
        MemoryBytesMax = 0;
        ImageBytesMax = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: Board = reader.Text(FrameLimits.NameBytesMax); break;
                case (2 << 3) | 2: Chip = reader.Text(FrameLimits.NameBytesMax); break;
                case (3 << 3) | 2: Firmware = reader.Text(FrameLimits.NameBytesMax); break;
                case 4 << 3: EngineVersion = reader.Int(); break;
                case 5 << 3: AbiVersion = reader.Int(); break;
                case 6 << 3: FuelPerSecond = reader.Long(); break;
                case 7 << 3: HeapFreeBytes = reader.Int(); break;
                case 8 << 3: SensorBits = reader.Int(); break;
                case 9 << 3: PowerSource = reader.Int(); break;
                case 10 << 3: CapabilityBits = reader.Int(); break;
                case 11 << 3: WakePlanMs = reader.Long(); break;
                case 12 << 3: SelfTestBits = reader.Int(); break;
                case 13 << 3: ResetReason = reader.Int(); break;
                case 14 << 3: LeastHeapBytes = reader.Int(); break;
                case 15 << 3: LongestGcMs = reader.Int(); break;
                case 16 << 3: MemoryBytesMax = reader.Int(); break;
                case 17 << 3: ImageBytesMax = reader.Int(); break;
            }
        }
        return !reader.Failed && count <= FrameLimits.BirthBytesMax;
    }
}
