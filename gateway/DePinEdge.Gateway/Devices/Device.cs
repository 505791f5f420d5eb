using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Devices;

/// <summary>One row of the device table. The first part is durable; the rest is rebuilt from what happens.</summary>
public sealed class Device(DeviceId id)
{
    public DeviceId Id { get; } = id;

    public string CodeId { get; set; } = "";
    public string Owner { get; set; } = "";
    public string JoinedBoard { get; set; } = "";
    public long JoinedUtcMs { get; set; }
    public byte[] NonceB { get; set; } = [];
    public byte[] NonceG { get; set; } = [];
    public byte[] OfferMac { get; set; } = [];
    public byte[] AcceptMac { get; set; } = [];

    /// <summary>The greatest log-in number accepted; the next must be greater.</summary>
    public long LoginNumber { get; set; }

    /// <summary>The last numbers accepted, oldest first, at most <see cref="DeviceTable.LoginsRemembered"/>: tells a replay from a clone.</summary>
    public Queue<long> RecentLogins { get; } = new();

    public bool Held { get; set; }
    public ReasonCode HeldReason { get; set; }

    /// <summary>How often the key was changed; 0 is the key of the join.</summary>
    public int KeyGeneration { get; set; }

    /// <summary>The generation last offered; greater than <see cref="KeyGeneration"/> while an offer is open.</summary>
    public int OfferedGeneration { get; set; }

    public DeviceBorn? Birth { get; set; }

    /// <summary>Results paid, and results refused, ever.</summary>
    public long TasksOk { get; set; }

    public long TasksRefused { get; set; }

    /// <summary>K_dev, 32 bytes: the blob <c>secret/device/ID</c>.</summary>
    public byte[] Key { get; set; } = [];

    /// <summary>The offered next key: the blob <c>secret/next/ID</c>, or null.</summary>
    public byte[]? NextKey { get; set; }

    // not durable
    public DeviceSession? Session { get; set; }
    public bool Connected { get; set; }
    public long LastSeenUtcMs { get; set; }

    /// <summary>When it promised to wake, while it sleeps; null otherwise.</summary>
    public Instant? WakesAt { get; set; }

    public long FramesIgnored { get; set; }

    /// <summary>The board's own count since its boot, as last reported.</summary>
    public int FramesIgnoredByBoot { get; set; }

    public string LastRefusal { get; set; } = "";

    /// <summary>When a copy of its key showed itself: stale numbers never used, and take-overs of a live session after a refused replay.</summary>
    public Queue<long> SuspicionsMs { get; } = new();

    /// <summary>Stale numbers never used that were presented; at most <see cref="DeviceTable.LoginsRemembered"/>.</summary>
    public HashSet<long> StaleLogins { get; } = [];

    /// <summary>When a valid but stale number was last presented.</summary>
    public long LastReplayMs { get; set; } = long.MinValue;
}
