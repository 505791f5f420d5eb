using System.CommandLine;
using System.Globalization;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`explain CODE`: what a reason means, what it costs and what would change it; from <see cref="ReasonBook"/>, without a gateway.</summary>
internal static class ExplainCommand
{
    private const int LineChars = 110, NameChars = 16;

    public static Command Create()
    {
        var code = new Argument<string?>("CODE")
        {
            Description = "A reason by name in any case, or by number; all of them when it is left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print all of them as the file gateway/REASONS.md." };
        return Cli.LocalVerb("explain", "Explain why something was paid or refused.", "depin explain WRONG_OUTPUT", [code, markdown], (call, _) =>
        {
            if (call.Parsed.GetValue(markdown))
                call.Out.Write(ReasonPage.Markdown());
            else if (call.Parsed.GetValue(code) is { } text)
                One(call, Find(text));
            else
                All(call);
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static ReasonEntry Find(string text) => ReasonNames.TryParse(text, out var code)
        ? ReasonBook.Of(code)
        : throw new HostException($"no reason '{text}'", "depin explain lists them all", ExitCodes.Usage);

    private static void All(CliCall call)
    {
        var table = new TextTable("#NUMBER", "REASON", "WHAT HAPPENED");
        call.WriteList(
            ReasonBook.All.Select(ReasonExplained.Of).ToArray(), CliJson.Default.ReasonExplained, table,
            reason => [reason.Number.ToString(CultureInfo.InvariantCulture), reason.Code, FirstSentence(reason.What)]);
        if (!call.Json)
            call.Out.WriteLine("depin explain CODE says more of one.");
    }

    private static void One(CliCall call, ReasonEntry entry) => call.WriteOne(
        ReasonExplained.Of(entry), CliJson.Default.ReasonExplained,
        ("reason", $"{entry.Name} ({(int)entry.Code})"), ("what happened", Wrap(entry.What)), ("numbers", Wrap(entry.Numbers)),
        ("what changes it", Wrap(entry.Change)), ("cost", Wrap(entry.Cost)));

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? text[..(end + 1)] : text;

    private static string Wrap(string text)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Replace("`", "", StringComparison.Ordinal).Split(' '))
        {
            if (line.Length + word.Length >= LineChars - NameChars)
            {
                lines.Add(line);
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        return string.Join(Environment.NewLine + new string(' ', NameChars), [.. lines, line]);
    }
}
