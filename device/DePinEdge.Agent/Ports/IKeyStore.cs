// Where a board keeps what must survive a loss of power.
namespace DePinEdge.Agent.Ports;

/// <summary>One small record of fixed size (Session.KeyRecord.Bytes): who the board is, its keys, its boot counter. The agent owns the
/// layout and the checksum; the store only keeps bytes.</summary>
public interface IKeyStore
{
    /// <summary>Fills <paramref name="record"/> with what was saved last. False when nothing (readable) was saved.</summary>
    bool Load(byte[] record);

    /// <summary>Saves the record so that it survives a loss of power once this returns true. False, or an interruption, must leave
    /// either the old record or the new one: the agent uses nothing of the new one before it returned true.</summary>
    bool Save(byte[] record);
}
