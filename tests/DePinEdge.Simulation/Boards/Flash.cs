using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulation.Boards;

/// <summary>A board's key store: it outlives the board's memory, sometimes does not save, and can be copied by who holds the board.</summary>
public sealed class Flash(byte[]? content = null) : IKeyStore
{
    private byte[]? saved = content;

    /// <summary>While true, nothing is saved.</summary>
    public bool Broken { get; set; }

    public bool Load(byte[] record)
    {
        if (saved is null || saved.Length != record.Length)
            return false;
        saved.CopyTo(record, 0);
        return true;
    }

    public bool Save(byte[] record)
    {
        if (Broken)
            return false;
        saved = [.. record];
        return true;
    }

    /// <summary>The same content in another store.</summary>
    public Flash Copy() => new(saved is null ? null : [.. saved]);
}
