// The readings of one wake, and how they are packed into a few bytes.
namespace DePinEdge.Agent.Wire;

/// <summary>Telemetry of the groups env, power and system as integers in fixed units. A value counts only when its bit in
/// <see cref="Present"/> is set. Packed form (the bytes of Report.telemetry): a varint that holds the power source in its two low
/// bits (3: not known) and above them one bit for each absent field in the order of <see cref="TelemetryField"/>, then the
/// present fields in that order. Most are plain varints; temperature, pressure (as difference to 100,000 Pa) and current are
/// zigzag, rssi is stored negated, free heap in units of 64 bytes rounded down. All sixteen take 34 bytes on a board that has been up for a year.</summary>
public sealed class Telemetry
{
    /// <summary>Bits of <see cref="TelemetryField"/>.</summary>
    public int Present;
    /// <summary>0.01 degrees Celsius.</summary>
    public int TemperatureCentiC;
    /// <summary>0.1 % relative humidity.</summary>
    public int HumidityDeciPercent;
    /// <summary>Pascal.</summary>
    public int PressurePa;
    /// <summary>Lux.</summary>
    public int IlluminanceLx;
    /// <summary>Millivolt.</summary>
    public int VoltageMv;
    /// <summary>Milliampere; negative while charging.</summary>
    public int CurrentMa;
    /// <summary>Percent, 0 to 100.</summary>
    public int BatteryPercent;
    /// <summary>0.01 watt-hours since boot.</summary>
    public int EnergyCentiWh;
    /// <summary>Seconds since boot.</summary>
    public int UptimeS;
    /// <summary>Bytes; a reader sees it rounded down to a multiple of 64.</summary>
    public int HeapFreeBytes;
    /// <summary>dBm, at most 0.</summary>
    public int RssiDbm;
    /// <summary>Batches waiting or running.</summary>
    public int Queue;
    /// <summary>Tasks run to an end since boot.</summary>
    public int TasksOk;
    /// <summary>Tasks trapped or abandoned since boot.</summary>
    public int TasksErr;
    /// <summary>0.01 millijoule per task, the running mean.</summary>
    public int TaskCentiMj;
    /// <summary>A <see cref="PowerSource"/>.</summary>
    public int Source;

    private const int PressureBasePa = 100000;
    private const int SourceUnknown = 3;

    /// <summary>Forgets everything.</summary>
    public void Clear() => Present = 0;

    /// <summary>Writes the packed form; returns the position after it, -1 when it does not fit or a value is out of range.</summary>
    public int Pack(byte[] buffer, int at)
    {
        int absent = ~Present & TelemetryField.InOrder;
        int source = (Present & TelemetryField.Source) != 0 ? Source : SourceUnknown;
        if (source < 0 || source > SourceUnknown)
            return -1;
        at = ProtoWriter.Varint(buffer, at, (absent << 2) | source);
        at = Signed(buffer, at, TelemetryField.Temperature, TemperatureCentiC);
        at = Plain(buffer, at, TelemetryField.Humidity, HumidityDeciPercent);
        at = Signed(buffer, at, TelemetryField.Pressure, PressurePa - PressureBasePa);
        at = Plain(buffer, at, TelemetryField.Illuminance, IlluminanceLx);
        at = Plain(buffer, at, TelemetryField.Voltage, VoltageMv);
        at = Signed(buffer, at, TelemetryField.Current, CurrentMa);
        at = Plain(buffer, at, TelemetryField.Battery, BatteryPercent);
        at = Plain(buffer, at, TelemetryField.Energy, EnergyCentiWh);
        at = Plain(buffer, at, TelemetryField.Uptime, UptimeS);
        at = Plain(buffer, at, TelemetryField.HeapFree, HeapFreeBytes >> 6);
        at = Plain(buffer, at, TelemetryField.Rssi, 0 - RssiDbm);
        at = Plain(buffer, at, TelemetryField.Queue, Queue);
        at = Plain(buffer, at, TelemetryField.TasksOk, TasksOk);
        at = Plain(buffer, at, TelemetryField.TasksErr, TasksErr);
        return Plain(buffer, at, TelemetryField.TaskEnergy, TaskCentiMj);
    }

    /// <summary>Reads the packed form. False, with nothing present, on anything malformed; bytes after the last field are left to later versions.</summary>
    public bool Unpack(byte[] buffer, int offset, int count)
    {
        Present = 0;
        int at = offset;
        int end = offset + count;
        long lead = Take(buffer, ref at, end);
        if (at < 0 || lead < 0 || lead >> 2 > TelemetryField.InOrder)
            return false;
        int present = ~(int)(lead >> 2) & TelemetryField.InOrder;
        Source = (int)(lead & 3);
        TemperatureCentiC = TakeSigned(buffer, ref at, end, present & TelemetryField.Temperature);
        HumidityDeciPercent = TakePlain(buffer, ref at, end, present & TelemetryField.Humidity);
        PressurePa = TakeSigned(buffer, ref at, end, present & TelemetryField.Pressure) + PressureBasePa;
        IlluminanceLx = TakePlain(buffer, ref at, end, present & TelemetryField.Illuminance);
        VoltageMv = TakePlain(buffer, ref at, end, present & TelemetryField.Voltage);
        CurrentMa = TakeSigned(buffer, ref at, end, present & TelemetryField.Current);
        BatteryPercent = TakePlain(buffer, ref at, end, present & TelemetryField.Battery);
        EnergyCentiWh = TakePlain(buffer, ref at, end, present & TelemetryField.Energy);
        UptimeS = TakePlain(buffer, ref at, end, present & TelemetryField.Uptime);
        int heapUnits = TakePlain(buffer, ref at, end, present & TelemetryField.HeapFree);
        RssiDbm = 0 - TakePlain(buffer, ref at, end, present & TelemetryField.Rssi);
        Queue = TakePlain(buffer, ref at, end, present & TelemetryField.Queue);
        TasksOk = TakePlain(buffer, ref at, end, present & TelemetryField.TasksOk);
        TasksErr = TakePlain(buffer, ref at, end, present & TelemetryField.TasksErr);
        TaskCentiMj = TakePlain(buffer, ref at, end, present & TelemetryField.TaskEnergy);
        if (at < 0 || heapUnits > int.MaxValue >> 6)
            return false;
        HeapFreeBytes = heapUnits << 6;
        Present = Source == SourceUnknown ? present : present | TelemetryField.Source;
        return true;
    }

    private int Plain(byte[] buffer, int at, int field, int value)
    {
        if ((Present & field) == 0)
            return at;
        return value < 0 ? -1 : ProtoWriter.Varint(buffer, at, value);
    }

    private int Signed(byte[] buffer, int at, int field, int value) =>
        (Present & field) == 0 ? at : ProtoWriter.Varint(buffer, at, ProtoWriter.ZigZag(value));

    private static int TakePlain(byte[] buffer, ref int at, int end, int present)
    {
        long value = present == 0 ? 0 : Take(buffer, ref at, end);
        if (value < 0 || value > int.MaxValue)
            at = -1;
        return (int)value;
    }

    private static int TakeSigned(byte[] buffer, ref int at, int end, int present)
    {
        long value = present == 0 ? 0 : ProtoReader.UnZigZag(Take(buffer, ref at, end));
        if (value < int.MinValue || value > int.MaxValue)
            at = -1;
        return (int)value;
    }

    // One varint of at most 35 bits; at becomes -1 on anything else and stays so.
    private static long Take(byte[] buffer, ref int at, int end)
    {
        long value = 0;
        for (int shift = 0; shift < 35 && at >= 0 && at < end; shift += 7)
        {
            byte b = buffer[at++];
            value |= (long)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        at = -1;
        return 0;
    }
}
