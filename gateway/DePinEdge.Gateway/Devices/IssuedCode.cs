namespace DePinEdge.Gateway.Devices;

/// <summary>One row of the join-code table: 6 public characters that name it and a secret only the gateway and one board know.</summary>
public sealed class IssuedCode(string id)
{
    public string Id { get; } = id;

    public string Name { get; set; } = "";
    public string Owner { get; set; } = "";
    public long ExpiresUtcMs { get; set; }
    public int Failures { get; set; }

    /// <summary>The device that used it, or empty.</summary>
    public string UsedBy { get; set; } = "";

    /// <summary>26 characters as ASCII bytes: the blob <c>secret/join/CODE</c>; null once used or burned.</summary>
    public byte[]? Secret { get; set; }

    /// <summary>The offer that is open, not durable: a restart makes the board say Hello again.</summary>
    public PendingOffer? Pending { get; set; }
}

/// <summary>What the gateway offered and waits to see accepted.</summary>
/// <param name="HelloBody">The board's Hello as received; both MACs cover it.</param>
/// <param name="OfferBody">The Offer as sent, MAC included.</param>
public sealed record PendingOffer(string DeviceId, string Board, byte[] NonceB, byte[] NonceG, byte[] HelloBody, byte[] OfferBody, byte[] OfferMac, byte[] Key);
