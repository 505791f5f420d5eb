// The small part of YAML that gateway/asyncapi.yaml keeps to.
using System.Globalization;
using System.Text.Json.Nodes;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>
/// Reads block and flow mappings and sequences, plain and single-quoted scalars and one folded scalar (&gt;-) into JSON nodes; throws
/// <see cref="FormatException"/> with the line on anything else, two equal keys included.
/// </summary>
internal sealed class PlainYaml
{
    private readonly List<(int Indent, string Text, int Number)> lines = [];
    private int at;

    private PlainYaml(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Contains('\t') || line.EndsWith(' '))
                throw new FormatException($"line {number}: a tab or a space at the end");
            if (line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'))
                lines.Add((line.Length - line.TrimStart().Length, line.Trim(), number));
        }
    }

    public static JsonNode Read(string text)
    {
        var yaml = new PlainYaml(text);
        var node = yaml.Block(0);
        return yaml.at == yaml.lines.Count ? node : throw yaml.Wrong("does not belong to anything");
    }

    private JsonNode Block(int indent)
    {
        if (lines[at].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            var list = new JsonArray();
            for (; at < lines.Count && lines[at].Indent == indent; at++)
                list.Add(Value(lines[at].Text[2..]));
            return list;
        }
        var map = new JsonObject();
        while (at < lines.Count && lines[at].Indent == indent)
        {
            var text = lines[at].Text;
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || (colon + 1 < text.Length && text[colon + 1] != ' '))
                throw Wrong("is no 'key: value'");
            var (key, rest) = (text[..colon], text[(colon + 1)..].Trim());
            if (map.ContainsKey(key))
                throw Wrong($"repeats the key {key}");
            if (rest == ">-")
            {
                var folded = new List<string>();
                for (at++; at < lines.Count && lines[at].Indent > indent; at++)
                    folded.Add(lines[at].Text);
                map[key] = string.Join(' ', folded);
            }
            else if (rest.Length > 0)
            {
                map[key] = Value(rest);
                at++;
            }
            else
            {
                at++;
                if (at == lines.Count || lines[at].Indent <= indent)
                    throw Wrong($"has no value for {key} before it");
                map[key] = Block(lines[at].Indent);
            }
        }
        return map;
    }

    private JsonNode Value(string text)
    {
        if (text[0] is not ('{' or '['))
            return Scalar(text);
        var position = 0;
        var node = Flow(text, ref position);
        return position == text.Length ? node : throw Wrong("goes on after its end");
    }

    private JsonNode Flow(string text, ref int position)
    {
        Skip(text, ref position);
        if (text[position] is '{' or '[')
        {
            var (close, map, list) = (text[position] == '{' ? '}' : ']', new JsonObject(), new JsonArray());
            for (position++; ;)
            {
                Skip(text, ref position);
                if (text[position] == close)
                    break;
                if (close == ']')
                    list.Add(Flow(text, ref position));
                else
                {
                    var colon = text.IndexOf(':', position);
                    var key = text[position..colon];
                    if (map.ContainsKey(key))
                        throw Wrong($"repeats the key {key}");
                    position = colon + 1;
                    map[key] = Flow(text, ref position);
                }
                Skip(text, ref position);
                if (text[position] == ',')
                    position++;
                else if (text[position] != close)
                    throw Wrong("lacks a comma");
            }
            position++;
            return close == '}' ? map : list;
        }
        var start = position;
        if (text[position] == '\'')
        {
            do
                position = text.IndexOf('\'', position + 1) + 1;
            while (position < text.Length && text[position] == '\'');
        }
        else
            while (position < text.Length && text[position] is not (',' or '}' or ']'))
                position++;
        return Scalar(text[start..position].Trim());
    }

    private JsonNode Scalar(string text)
    {
        if (text[0] == '\'')
            return text.Length > 1 && text[^1] == '\'' ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : throw Wrong("has an open quote");
        if (text.Contains(": ", StringComparison.Ordinal) || text.Contains(" #", StringComparison.Ordinal) || text[0] is '"' or '&' or '*' or '!' or '|' or '%' or '@' or '`')
            throw Wrong("needs quotes");
        return text is "true" or "false" ? text == "true"
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    private static void Skip(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
    }

    private FormatException Wrong(string what) =>
        new(at < lines.Count ? $"line {lines[at].Number}: '{lines[at].Text}' {what}" : $"the end {what}");
}
