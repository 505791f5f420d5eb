// The bytes in a board's key store: who it is, its keys, its boot counter.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>The record that survives a loss of power, 160 bytes:
/// <code>
/// 0 'D' 'E' | 2 version 1 | 3 flags (1 unconfirmed, 2 has next key) | 4 site (length, 32 characters) | 37 device (the same)
/// 70 key 32 | 102 next key 32 | 134 boot counter u64 LE | 142 zero | 152 first 8 bytes of SHA-256 over bytes 0 to 151
/// </code></summary>
public sealed class KeyRecord
{
    /// <summary>Bytes of the record, always.</summary>
    public const int Bytes = 160;

    /// <summary>False on a board that never joined; its boot counter counts all the same.</summary>
    public bool HasKey => Site.Length > 0;
    public string Site = "";
    public string DeviceId = "";
    /// <summary>The device key.</summary>
    public byte[] Key = new byte[FrameLimits.HashBytes];
    /// <summary>Counts from the first log-in with it that succeeds; meaningless unless HasNextKey.</summary>
    public byte[] NextKey = new byte[FrameLimits.HashBytes];
    public bool HasNextKey;
    /// <summary>The gateway has not confirmed this key yet (power went between Accept and Joined).</summary>
    public bool Unconfirmed;
    /// <summary>The high part of the log-in number that may be in use now.</summary>
    public long BootCounter;

    private const int SiteAt = 4;
    private const int DeviceAt = 37;
    private const int KeyAt = 70;
    private const int NextKeyAt = 102;
    private const int BootAt = 134;
    private const int SumAt = 152;

    private readonly byte[] bytes = new byte[Bytes];

    /// <summary>Reads the store. False, with nothing changed, when it holds nothing or what it holds is damaged.</summary>
    public bool Load(IKeyStore store)
    {
        if (!store.Load(bytes) || bytes[0] != 'D' || bytes[1] != 'E' || bytes[2] != 1)
            return false;
        byte[] sum = Sha256.Of(bytes, 0, SumAt);
        if (!KeyDerivation.Same(sum, 0, bytes, SumAt, Bytes - SumAt))
            return false;
        string site = ReadId(SiteAt);
        string device = ReadId(DeviceAt);
        if (site == null || device == null)
            return false;
        Site = site;
        DeviceId = device;
        Unconfirmed = (bytes[3] & 1) != 0;
        HasNextKey = (bytes[3] & 2) != 0;
        System.Array.Copy(bytes, KeyAt, Key, 0, FrameLimits.HashBytes);
        System.Array.Copy(bytes, NextKeyAt, NextKey, 0, FrameLimits.HashBytes);
        BootCounter = 0;
        for (int i = 7; i >= 0; i--)
            BootCounter = BootCounter << 8 | bytes[BootAt + i];
        return true;
    }

    /// <summary>Writes the store; false when it did not save.</summary>
    public bool Save(IKeyStore store)
    {
        System.Array.Clear(bytes, 0, Bytes);
        bytes[0] = (byte)'D';
        bytes[1] = (byte)'E';
        bytes[2] = 1;
        bytes[3] = (byte)((Unconfirmed ? 1 : 0) | (HasNextKey ? 2 : 0));
        WriteId(SiteAt, Site);
        WriteId(DeviceAt, DeviceId);
        System.Array.Copy(Key, 0, bytes, KeyAt, FrameLimits.HashBytes);
        System.Array.Copy(NextKey, 0, bytes, NextKeyAt, FrameLimits.HashBytes);
        for (int i = 0; i < 8; i++)
            bytes[BootAt + i] = (byte)(BootCounter >> (8 * i));
        byte[] sum = Sha256.Of(bytes, 0, SumAt);
        System.Array.Copy(sum, 0, bytes, SumAt, Bytes - SumAt);
        return store.Save(bytes);
    }

    private void WriteId(int at, string id)
    {
        bytes[at] = (byte)id.Length;
        for (int i = 0; i < id.Length; i++)
            bytes[at + 1 + i] = (byte)id[i];
    }

    // Null when damaged; empty on a board that never joined.
    private string ReadId(int at)
    {
        int count = bytes[at];
        if (count > FrameLimits.IdBytesMax)
            return null;
        char[] text = new char[count];
        for (int i = 0; i < count; i++)
            text[i] = (char)bytes[at + 1 + i];
        string id = new string(text);
        return count == 0 || Topics.IsId(id) ? id : null;
    }
}
