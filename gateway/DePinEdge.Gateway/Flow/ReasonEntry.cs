namespace DePinEdge.Gateway.Flow;

/// <summary>What a person is told about a <see cref="ReasonCode"/>: whole sentences, plain text.</summary>
/// <param name="Code">The code.</param>
/// <param name="What">What happened.</param>
/// <param name="Numbers">The numbers behind it, and where to see them.</param>
/// <param name="Change">Who can change it, and how.</param>
/// <param name="Cost">What it costs the board.</param>
/// <param name="CostsCredits">True when work that was done is not paid for.</param>
/// <param name="CostsStanding">True when it counts against the board in what it gets to do next.</param>
public sealed record ReasonEntry(ReasonCode Code, string What, string Numbers, string Change, string Cost, bool CostsCredits = false, bool CostsStanding = false)
{
    /// <summary>WRONG_OUTPUT.</summary>
    public string Name => ReasonNames.Of(Code);

    /// <summary>What the code is about; the numbers are given out in these groups.</summary>
    public string Group => (byte)Code switch
    {
        < 10 => "Paid",
        < 13 => "Results that are wrong",
        < 20 => "Log-in and frames",
        < 40 => "Results that are not judged",
        < 60 => "Work that is held back",
        _ => "Joining",
    };
}
