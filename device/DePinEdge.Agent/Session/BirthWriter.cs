// What a board says of itself at the start of a session.
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Makes a Birth of the options. Once a session, so the message object does not stay.</summary>
public static class BirthWriter
{
    /// <summary>Writes the body; returns its length, -1 when a name is too long or not ASCII, a number is negative, or all of it is over the limit.</summary>
    public static int Write(AgentOptions options, byte[] buffer, int offset)
    {
        Birth birth = new Birth();
        birth.Board = options.Board;
        birth.Chip = options.Chip;
        birth.Firmware = options.Firmware;
        birth.EngineVersion = 1;
        birth.AbiVersion = HostAbi.Version;
        birth.FuelPerSecond = options.FuelPerSecond;
        birth.HeapFreeBytes = options.HeapFreeBytes;
        birth.SensorBits = options.SensorBits;
        birth.PowerSource = options.PowerSource;
        birth.CapabilityBits = options.CapabilityBits & ~options.CapabilityVeto;
        birth.WakePlanMs = options.WakePlanMs;
        birth.SelfTestBits = options.SelfTestBits;
        birth.ResetReason = options.ResetReason;
        birth.LeastHeapBytes = options.LeastHeapBytes;
        birth.LongestGcMs = options.LongestGcMs;
        birth.MemoryBytesMax = options.MemoryBytesMax;
        birth.ImageBytesMax = options.ImageBytesMax;
        return birth.Encode(buffer, offset);
    }
}
