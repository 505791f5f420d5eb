using System.Globalization;
using System.Text;

namespace DePinEdge.Gateway.Flow;

/// <summary>Reason codes as people read them: WRONG_OUTPUT, LEASE_EXPIRED.</summary>
public static class ReasonNames
{
    private static readonly Dictionary<ReasonCode, string> Texts = Enum.GetValues<ReasonCode>().ToDictionary(code => code, code => Upper(code.ToString()));

    /// <summary>The code's name in capitals; an unknown number as <c>REASON_n</c>.</summary>
    public static string Of(ReasonCode code) => Texts.GetValueOrDefault(code, $"REASON_{(int)code}");

    /// <summary>A code by its name in any case, with '_', '-' or nothing between the words, or by its number.</summary>
    public static bool TryParse(string text, out ReasonCode code)
    {
        var bare = text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Trim();
        foreach (var known in Texts.Keys)
            if (string.Equals(known.ToString(), bare, StringComparison.OrdinalIgnoreCase) || ((int)known).ToString(CultureInfo.InvariantCulture) == bare)
            {
                code = known;
                return true;
            }
        code = default;
        return false;
    }

    private static string Upper(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }
        return text.ToString();
    }
}
