// Who the board is, and the log-in numbers that never repeat.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Owns the key record. A log-in number is boot counter x 65,536 + connection count; a new boot counter is saved before the
/// first number under it is used, so whenever power goes, no number is used twice. While a next key waits for its first
/// log-in, both keys are kept and a refused one gives way to the other.</summary>
public sealed class Identity
{
    /// <summary>Connections under one boot counter.</summary>
    public const int ConnectionsPerBoot = 65536;

    /// <summary>Saves that the store refused.</summary>
    public int SaveFailures;
    /// <summary>The n of the log-in that was prepared last.</summary>
    public long LoginNumber;

    private readonly IHmac hmac;
    private readonly IKeyStore store;
    private readonly KeyRecord record = new KeyRecord();
    private int connections;
    private bool booted;
    private bool useNext;

    public Identity(IHmac hmac, IKeyStore store)
    {
        this.hmac = hmac;
        this.store = store;
        record.Load(store);
        useNext = record.HasNextKey;
    }

    /// <summary>True when there is a key to log in with.</summary>
    public bool Known => record.HasKey;
    public string Site => record.Site;
    public string DeviceId => record.DeviceId;
    /// <summary>True until the gateway has shown that it counts the key.</summary>
    public bool Unconfirmed => record.Unconfirmed;
    /// <summary>The key of the log-in that was prepared last.</summary>
    public byte[] LoginKey => useNext ? record.NextKey : record.Key;

    /// <summary>Moves on to a log-in number that was never used. False when the store did not take a new boot counter: do not log in.</summary>
    public bool TakeLoginNumber()
    {
        if (!booted || connections == ConnectionsPerBoot - 1)
        {
            record.BootCounter++;
            if (!Save())
            {
                record.BootCounter--;
                return false;
            }
            booted = true;
            connections = 0;
        }
        connections++;
        LoginNumber = record.BootCounter * ConnectionsPerBoot + connections;
        return true;
    }

    /// <summary>The password for the number taken last.</summary>
    public string Password() => KeyDerivation.LoginPassword(hmac, LoginKey, record.Site, record.DeviceId, LoginNumber);

    /// <summary>The gateway did not take the key: the other one, if there is one, is tried next.</summary>
    public void KeyRefused() => useNext = record.HasNextKey && !useNext;

    /// <summary>A session opened under <see cref="LoginKey"/>: it is the key from now on, and it is confirmed.</summary>
    public void KeyProven()
    {
        if (!useNext && !record.Unconfirmed)
            return;
        if (useNext)
        {
            System.Array.Copy(record.NextKey, 0, record.Key, 0, FrameLimits.HashBytes);
            System.Array.Clear(record.NextKey, 0, FrameLimits.HashBytes);
            record.HasNextKey = false;
            useNext = false;
        }
        record.Unconfirmed = false;
        // A store that refuses keeps both keys; the next log-in finds its way by refusal.
        Save();
    }

    /// <summary>Derives the next key and saves it beside the present one; the next log-in tries it first. False when it was not saved: nothing changed.</summary>
    public bool Rotate(byte[] nonce)
    {
        byte[] before = record.NextKey;
        bool had = record.HasNextKey;
        record.NextKey = KeyDerivation.NextKey(hmac, record.Key, record.Site, record.DeviceId, nonce);
        record.HasNextKey = true;
        if (!Save())
        {
            record.NextKey = before;
            record.HasNextKey = had;
            return false;
        }
        useNext = true;
        return true;
    }

    /// <summary>Takes the outcome of a join, still unconfirmed. False when it was not saved: nothing changed.</summary>
    public bool Join(string site, string deviceId, byte[] key)
    {
        string siteBefore = record.Site;
        string deviceBefore = record.DeviceId;
        byte[] keyBefore = record.Key;
        bool hadNext = record.HasNextKey;
        bool wasUnconfirmed = record.Unconfirmed;
        record.Site = site;
        record.DeviceId = deviceId;
        record.Key = key;
        record.HasNextKey = false;
        record.Unconfirmed = true;
        if (!Save())
        {
            record.Site = siteBefore;
            record.DeviceId = deviceBefore;
            record.Key = keyBefore;
            record.HasNextKey = hadNext;
            record.Unconfirmed = wasUnconfirmed;
            return false;
        }
        useNext = false;
        return true;
    }

    /// <summary>The gateway said Joined.</summary>
    public void Confirm()
    {
        record.Unconfirmed = false;
        Save();
    }

    private bool Save()
    {
        bool saved = record.Save(store);
        if (!saved)
            SaveFailures++;
        return saved;
    }
}
