// A join code as a person copies it: ID-SECRET in Crockford's base 32.
namespace DePinEdge.Agent.Wire;

/// <summary>The two parts of a join code. Letters of either case are taken, I and L read as 1, O as 0; other dashes and spaces are ignored.</summary>
public sealed class JoinCode
{
    /// <summary>Characters of the public part.</summary>
    public const int IdChars = 6;
    /// <summary>Characters of the secret part: 130 bits.</summary>
    public const int SecretChars = 26;
    /// <summary>Crockford's digits, in order of value.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The public part in lower case, as it stands in topics and in Hello.</summary>
    public readonly string Id;
    /// <summary>SECRET for HMAC: the 26 characters in upper case as ASCII bytes.</summary>
    public readonly byte[] Secret;

    private JoinCode(string id, byte[] secret)
    {
        Id = id;
        Secret = secret;
    }

    /// <summary>Reads a code; null when it has another length (a shorter secret could be guessed from a recorded join) or a foreign character.</summary>
    public static JoinCode Parse(string text)
    {
        if (text == null)
            return null;
        char[] id = new char[IdChars];
        byte[] secret = new byte[SecretChars];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = Canonical(text[i]);
            if (c == '-')
                continue;
            if (c == '?' || count == IdChars + SecretChars)
                return null;
            if (count < IdChars)
                id[count] = c >= 'A' ? (char)(c + 32) : c;
            else
                secret[count - IdChars] = (byte)c;
            count++;
        }
        return count == IdChars + SecretChars ? new JoinCode(new string(id), secret) : null;
    }

    // An upper-case digit of the alphabet; '-' for what separates; '?' for what does not belong.
    private static char Canonical(char c)
    {
        if (c == '-' || c == ' ')
            return '-';
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if (c == 'I' || c == 'L')
            return '1';
        if (c == 'O')
            return '0';
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'U' ? c : '?';
    }
}
