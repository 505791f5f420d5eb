using DePinEdge.Agent.Wire;

namespace DePinEdge.Gateway.Devices;

/// <summary>Crockford's base 32: no letter that reads like a digit. Five random bits a character.</summary>
public static class Base32
{
    /// <summary>As many characters as there are random bytes; each uses five bits of its byte.</summary>
    public static string FromRandom(ReadOnlySpan<byte> random)
    {
        var text = new char[random.Length];
        for (var i = 0; i < text.Length; i++)
            text[i] = JoinCode.Alphabet[random[i] & 31];
        return new string(text);
    }
}
