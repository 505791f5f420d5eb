// Join, step 2: the gateway's place, the board's new id, and proof that the gateway knows the secret.
namespace DePinEdge.Agent.Wire;

/// <summary>Down on the join topic. The mac is the last field and covers Hello's body and this body up to the mac (KeyDerivation.OfferMac).</summary>
public sealed class Offer
{
    public string Site = "";
    public string DeviceId = "";
    /// <summary>16 random bytes of the gateway.</summary>
    public byte[] NonceG = new byte[FrameLimits.NonceBytes];
    /// <summary>32 bytes, KeyDerivation.OfferMac.</summary>
    public byte[] Mac = new byte[FrameLimits.HashBytes];
    /// <summary>After Decode: how many bytes of the body stand before the mac field, that is, what the mac covers.</summary>
    public int BytesWithoutMac;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body without its mac; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int EncodeWithoutMac(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Text(buffer, offset, 1, Site, FrameLimits.IdBytesMax);
        at = ProtoWriter.Text(buffer, at, 2, DeviceId, FrameLimits.IdBytesMax);
        at = ProtoWriter.Exact(buffer, at, 3, NonceG, FrameLimits.NonceBytes);
        return at < 0 || !Topics.IsId(Site) || !Topics.IsId(DeviceId) ? -1 : at - offset;
    }

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int count = EncodeWithoutMac(buffer, offset);
        int at = ProtoWriter.Exact(buffer, count < 0 ? -1 : offset + count, 15, Mac, FrameLimits.HashBytes);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed, also when a field follows the mac.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        Site = "";
        DeviceId = "";
        BytesWithoutMac = 0;
        bool nonce = false;
        bool mac = false;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            if (mac)
                return false;
            switch (reader.Tag)
            {
                case (1 << 3) | 2: Site = reader.Text(FrameLimits.IdBytesMax); break;
                case (2 << 3) | 2: DeviceId = reader.Text(FrameLimits.IdBytesMax); break;
                case (3 << 3) | 2: reader.Exact(NonceG); nonce = true; break;
                case (15 << 3) | 2:
                    reader.Exact(Mac);
                    mac = true;
                    // Tag and length of field 15 take one byte each.
                    BytesWithoutMac = reader.Offset - 2 - offset;
                    break;
            }
        }
        return !reader.Failed && nonce && mac && Topics.IsId(Site) && Topics.IsId(DeviceId);
    }
}
