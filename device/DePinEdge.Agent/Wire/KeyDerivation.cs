// Every key and every mac outside the chain is derived here, for both ends.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Agent.Wire;

/// <summary>HMAC-SHA256 over labelled, unambiguous data. Each variable part (label, site, device id, the bodies of Hello and Offer) is
/// preceded by its length in one byte; nonces (16 bytes) and login numbers (8 bytes, little endian) have fixed length:
/// <code>
/// K_dev   = HMAC(SECRET, L("key")    | L(site) | L(device) | nonce_b | nonce_g)
/// offer   = HMAC(SECRET, L("offer")  | L(Hello body) | L(Offer body before its mac field))
/// accept  = HMAC(SECRET, L("accept") | L(Hello body) | L(Offer body))
/// login   = HMAC(K_dev,  L("login")  | L(site) | L(device) | n)
/// K_up    = HMAC(K_dev,  L("up")     | L(site) | L(device) | n | nonce_g)     K_down the same with "down"
/// K_next  = HMAC(K_dev,  L("rotate") | L(site) | L(device) | nonce)
/// </code>
/// where L(x) = u8 length | x and SECRET is the 26 upper-case characters of the join code.</summary>
public static class KeyDerivation
{
    /// <summary>The direction from board to gateway.</summary>
    public const string Up = "up";
    /// <summary>The direction from gateway to board.</summary>
    public const string Down = "down";

    // The longest input: label, two bodies below 256 bytes each.
    private const int DataBytesMax = 600;

    /// <summary>K_dev, 32 bytes, the same on both sides of a join.</summary>
    public static byte[] DeviceKey(IHmac hmac, byte[] secret, string site, string deviceId, byte[] nonceB, byte[] nonceG)
    {
        byte[] data = new byte[DataBytesMax];
        int at = Place(data, "key", site, deviceId);
        at = Raw(data, at, nonceB);
        return Mac(hmac, secret, data, Raw(data, at, nonceG));
    }

    /// <summary>The gateway's proof in Offer: hello is Hello's body, offer is Offer's body before its mac field.</summary>
    public static byte[] OfferMac(IHmac hmac, byte[] secret, byte[] hello, int helloOffset, int helloCount,
        byte[] offer, int offerOffset, int offerCount) =>
        Bodies(hmac, secret, "offer", hello, helloOffset, helloCount, offer, offerOffset, offerCount);

    /// <summary>The board's proof in Accept: both bodies whole.</summary>
    public static byte[] AcceptMac(IHmac hmac, byte[] secret, byte[] hello, int helloOffset, int helloCount,
        byte[] offer, int offerOffset, int offerCount) =>
        Bodies(hmac, secret, "accept", hello, helloOffset, helloCount, offer, offerOffset, offerCount);

    /// <summary>K_up or K_down of one session, 32 bytes; direction is <see cref="Up"/> or <see cref="Down"/>.</summary>
    public static byte[] SessionKey(IHmac hmac, byte[] kDev, string direction, string site, string deviceId, long n, byte[] nonceG)
    {
        byte[] data = new byte[DataBytesMax];
        int at = Place(data, direction, site, deviceId);
        at = Number(data, at, n);
        return Mac(hmac, kDev, data, Raw(data, at, nonceG));
    }

    /// <summary>The device key that follows kDev after a newkey command with this nonce.</summary>
    public static byte[] NextKey(IHmac hmac, byte[] kDev, string site, string deviceId, byte[] nonce)
    {
        byte[] data = new byte[DataBytesMax];
        int at = Place(data, "rotate", site, deviceId);
        return Mac(hmac, kDev, data, Raw(data, at, nonce));
    }

    /// <summary>The MQTT password "n:hex": n in decimal, the 32-byte mac in lower-case hex.</summary>
    public static string LoginPassword(IHmac hmac, byte[] kDev, string site, string deviceId, long n)
    {
        byte[] data = new byte[DataBytesMax];
        int at = Place(data, "login", site, deviceId);
        byte[] mac = Mac(hmac, kDev, data, Number(data, at, n));
        char[] hex = new char[64];
        for (int i = 0; i < 32; i++)
        {
            hex[2 * i] = Hex(mac[i] >> 4);
            hex[2 * i + 1] = Hex(mac[i] & 15);
        }
        return n.ToString() + ":" + new string(hex);
    }

    /// <summary>The n of a password "n:hex"; -1 when it has another form. Says nothing about its mac: compare with <see cref="LoginPassword"/> by <see cref="SameText"/>.</summary>
    public static long LoginNumber(string password)
    {
        long n = 0;
        int digits = password == null ? 0 : password.Length - 65;
        if (digits < 1 || digits > 18 || password[digits] != ':')
            return -1;
        for (int i = 0; i < digits; i++)
        {
            char c = password[i];
            if (c < '0' || c > '9')
                return -1;
            n = n * 10 + (c - '0');
        }
        return n;
    }

    /// <summary>Compares macs in a time that does not tell where they differ.</summary>
    public static bool Same(byte[] a, int aOffset, byte[] b, int bOffset, int count)
    {
        int difference = 0;
        for (int i = 0; i < count; i++)
            difference |= a[aOffset + i] ^ b[bOffset + i];
        return difference == 0;
    }

    /// <summary>Compares passwords in a time that does not tell where they differ.</summary>
    public static bool SameText(string a, string b)
    {
        if (a == null || b == null || a.Length != b.Length)
            return false;
        int difference = 0;
        for (int i = 0; i < a.Length; i++)
            difference |= a[i] ^ b[i];
        return difference == 0;
    }

    private static byte[] Bodies(IHmac hmac, byte[] secret, string label, byte[] hello, int helloOffset, int helloCount,
        byte[] offer, int offerOffset, int offerCount)
    {
        if (helloCount > byte.MaxValue || offerCount > byte.MaxValue)
            throw new System.ArgumentException("a join body has at most 255 bytes");
        byte[] data = new byte[DataBytesMax];
        int at = Text(data, 0, label);
        at = Part(data, at, hello, helloOffset, helloCount);
        return Mac(hmac, secret, data, Part(data, at, offer, offerOffset, offerCount));
    }

    private static byte[] Mac(IHmac hmac, byte[] key, byte[] data, int count)
    {
        byte[] mac = new byte[32];
        hmac.Compute(key, data, 0, count, mac);
        return mac;
    }

    private static int Place(byte[] data, string label, string site, string deviceId) =>
        Text(data, Text(data, Text(data, 0, label), site), deviceId);

    private static int Text(byte[] data, int at, string text)
    {
        data[at++] = (byte)text.Length;
        for (int i = 0; i < text.Length; i++)
            data[at++] = (byte)text[i];
        return at;
    }

    private static int Part(byte[] data, int at, byte[] part, int offset, int count)
    {
        data[at++] = (byte)count;
        System.Array.Copy(part, offset, data, at, count);
        return at + count;
    }

    private static int Raw(byte[] data, int at, byte[] bytes)
    {
        System.Array.Copy(bytes, 0, data, at, bytes.Length);
        return at + bytes.Length;
    }

    private static int Number(byte[] data, int at, long n)
    {
        for (int i = 0; i < 8; i++)
            data[at++] = (byte)(n >> (8 * i));
        return at;
    }

    private static char Hex(int digit) => (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit);
}
