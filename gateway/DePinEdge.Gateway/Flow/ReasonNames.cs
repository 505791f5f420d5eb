using System.Text;

namespace DePinEdge.Gateway.Flow;

/// <summary>Reason codes as people read them: WRONG_OUTPUT, LEASE_EXPIRED.</summary>
public static class ReasonNames
{
    private static readonly Dictionary<ReasonCode, string> Texts = Enum.GetValues<ReasonCode>().ToDictionary(code => code, code => Upper(code.ToString()));

    /// <summary>The code's name in capitals; an unknown number as <c>REASON_n</c>.</summary>
    public static string Of(ReasonCode code) => Texts.GetValueOrDefault(code, $"REASON_{(int)code}");

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
