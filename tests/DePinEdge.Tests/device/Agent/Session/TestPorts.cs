// Ports of a board in tests: a key store that can refuse or lose power, seeded chance, fixed readings.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

internal sealed class MemoryKeyStore : IKeyStore
{
    public byte[]? Saved { get; set; }
    public bool Refuses { get; set; }
    public int Saves { get; private set; }

    public bool Load(byte[] record)
    {
        if (Saved is null)
            return false;
        Saved.CopyTo(record, 0);
        return true;
    }

    public bool Save(byte[] record)
    {
        Assert.Equal(KeyRecord.Bytes, record.Length);
        if (Refuses)
            return false;
        Saved = (byte[])record.Clone();
        Saves++;
        return true;
    }
}

internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random random = new(seed);

    public void Fill(byte[] buffer, int offset, int count) => random.NextBytes(buffer.AsSpan(offset, count));
}

internal sealed class FixedSensors : ISensors
{
    public int TemperatureCentiC { get; set; } = 2143;
    public int HumidityDeciPercent { get; set; } = 482;
    public int Reads { get; private set; }

    public void Read(Telemetry into, long nowMs)
    {
        Reads++;
        into.TemperatureCentiC = TemperatureCentiC;
        into.HumidityDeciPercent = HumidityDeciPercent;
        into.UptimeS = (int)(nowMs / 1000);
        into.Present |= TelemetryField.Temperature | TelemetryField.Humidity | TelemetryField.Uptime;
    }
}
