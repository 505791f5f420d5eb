using System.Text.RegularExpressions;

namespace DePinEdge.Tests.Tidy;

/// <summary>Calls that may not stand where time and chance are arguments, each with what to write instead.</summary>
public class BannedCallsTests
{
    private static readonly (string Pattern, string Instead)[] Banned =
    [
        (@"\bDateTime(Offset)?\.(Utc)?Now\b", "take the Instant or nowMs that is passed in"),
        (@"\bStopwatch\b", "take the Instant or nowMs that is passed in"),
        (@"\bEnvironment\.TickCount", "take the Instant or nowMs that is passed in"),
        (@"\bTimeProvider\.System\b", "the shell owns the clock"),
        (@"\bTask\.Delay\b", "advance time from outside"),
        (@"\bThread\.Sleep\b", "advance time from outside"),
        (@"\bGuid\.NewGuid\b", "count, or ask the entropy source"),
        (@"\bRandom\.Shared\b|\bnew Random\(\)", "ask the entropy source"),
        (@"\bRandomNumberGenerator\b", "ask the entropy source"),
        (@"\basync\b|\bawait\b", "the core is synchronous; ask the shell for work"),
        (@"\block\s*\(", "one thread owns a stage"),
        (@"\bSystem\.Net\.Sockets\b|\bSystem\.IO\.File\b|\bFile\.(Open|Read|Write)", "no sockets, no files"),
    ];

    private static readonly string[][] Quiet =
    [
        ["gateway", "DePinEdge.Gateway"],
        ["gateway", "DePinEdge.Mqtt", "Broker"],
        ["gateway", "DePinEdge.Mqtt", "Codec"],
        ["device", "DePinEdge.Agent"],
    ];

    [Fact]
    public void The_core_the_broker_and_the_agent_ask_nobody_for_time_or_chance()
    {
        var offences = new List<string>();
        foreach (var folder in Quiet)
            foreach (var file in Sources.Files("*.cs", folder))
                offences.AddRange(Offences(file, File.ReadAllLines(file)));
        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Theory]
    [InlineData("var t = DateTime.UtcNow;")]
    [InlineData("await Task.Delay(1);")]
    [InlineData("lock (gate) { }")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("var r = new Random();")]
    public void The_rule_finds_what_it_bans(string line) => Assert.NotEmpty(Offences("sample.cs", [line]));

    [Fact]
    public void Comments_may_speak_of_it() => Assert.Empty(Offences("sample.cs", ["// no DateTime.UtcNow here", "/// <summary>Never Task.Delay.</summary>"]));

    private static IEnumerable<string> Offences(string file, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var code = lines[i].TrimStart();
            if (code.StartsWith("//", StringComparison.Ordinal))
                continue;
            foreach (var (pattern, instead) in Banned)
                if (Regex.IsMatch(code, pattern))
                    yield return $"{file}:{i + 1}: {pattern}: {instead}";
        }
    }
}
