// A board's key record in memory.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulator.Hardware;

/// <summary>Keeps the record as flash would: hand the same object to the next agent and the board has merely rebooted.</summary>
public sealed class MemoryKeyStore : IKeyStore
{
    private byte[]? saved;

    /// <summary>How often the record was saved: what a real board's flash would wear.</summary>
    public int Saves { get; private set; }

    /// <inheritdoc/>
    public bool Load(byte[] record)
    {
        if (saved is null || saved.Length != record.Length)
            return false;
        saved.CopyTo(record, 0);
        return true;
    }

    /// <inheritdoc/>
    public bool Save(byte[] record)
    {
        saved = (byte[])record.Clone();
        Saves++;
        return true;
    }

    /// <summary>Forgets the record, as erasing the flash does.</summary>
    public void Erase() => saved = null;
}
