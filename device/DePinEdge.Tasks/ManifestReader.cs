// Reads the manifest strictly: every key is known, stands once, has its type and lies in its range; every error names the
// key. Strict, because the manifest is hashed with the program: what is accepted once must mean the same for ever.
using System.Text.Json;
using DePinEdge.Agent.Tasks;

namespace DePinEdge.Tasks;

/// <summary>Parses the JSON of a manifest.</summary>
internal sealed class ManifestReader
{
    /// <summary>Name of the custom section.</summary>
    public const string SectionName = "depin";

    /// <summary>The largest fuel_max: some hours of the fastest engine.</summary>
    private const long FuelMaxMax = 1_000_000_000_000_000;

    private static readonly string[] Keys =
    [
        "abi", "name", "version", "summary", "memory_bytes", "stack_slots", "fuel_max", "capabilities", "input", "output", "reduce", "params", "source", "licence",
    ];

    private static readonly string[] ParameterKeys = ["name", "type", "default", "summary"];

    private readonly ProgramLimits _limits;
    private string? _error;

    private ManifestReader(ProgramLimits limits) => _limits = limits;

    /// <summary>The manifest, or null and a message that names the key.</summary>
    public static ProgramManifest? Read(ReadOnlyMemory<byte> json, ProgramLimits limits, out string? error)
    {
        var reader = new ManifestReader(limits);
        ProgramManifest? manifest = null;
        try
        {
            // Tools pad the section with zero bytes or a newline.
            using var document = JsonDocument.Parse(json[..(json.Span.LastIndexOfAnyExcept((byte)0) + 1)], new JsonDocumentOptions { MaxDepth = 8 });
            manifest = reader.Manifest(document.RootElement);
        }
        catch (JsonException e)
        {
            reader._error = $"the manifest is no JSON: {e.Message}";
        }
        catch (InvalidOperationException)
        {
            // How JsonDocument reports a key or text whose bytes or escapes are no Unicode, once it is looked at.
            reader._error = "the manifest is no JSON: a text in it is no Unicode";
        }

        error = reader._error;
        return error is null ? manifest : null;
    }

    private ProgramManifest? Manifest(JsonElement root)
    {
        if (!Object(root, "the manifest", Keys)) return null;
        var manifest = new ProgramManifest(
            (int)Integer(root, "abi", HostAbi.Version, HostAbi.Version),
            Identifier(root, "name"),
            Text(root, "version", 32),
            Text(root, "summary", 200),
            (int)Integer(root, "memory_bytes", 0, _limits.MemoryBytes),
            (int)Integer(root, "stack_slots", 1, _limits.StackSlots, 4096),
            Integer(root, "fuel_max", 1, FuelMaxMax),
            Capabilities(root),
            (ProgramInput)Choice(root, "input", "bytes", "u64"),
            (ProgramOutput)Choice(root, "output", "bytes", "u32", "i64"),
            (ProgramReduce)Choice(root, "reduce", "none", "sum", "min", "max", "concat"),
            Parameters(root),
            Text(root, "source", 200),
            Text(root, "licence", 64));
        if (_error is not null) return null;
        if (manifest.MemoryBytes % 256 != 0) Fail("'memory_bytes' is not a multiple of 256");
        if (manifest.Output == ProgramOutput.Bytes && manifest.Reduce is ProgramReduce.Sum or ProgramReduce.Min or ProgramReduce.Max)
            Fail("'reduce' needs an output of u32 or i64");
        if (manifest.Params.Count > 0 && manifest.Input != ProgramInput.U64) Fail("'params' needs the input u64");
        if (manifest.Params.Sum(p => p.Bytes) > HostAbi.InputBytesMax - 8) Fail("'params' do not fit into an input");
        return manifest;
    }

    private void Fail(string message) => _error ??= message;

    private bool Object(JsonElement element, string what, string[] keys)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Fail($"{what} is no JSON object");
            return false;
        }

        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (!keys.Contains(property.Name)) Fail($"unknown key '{property.Name}' in {what}");
            if (!seen.Add(property.Name)) Fail($"key '{property.Name}' stands twice in {what}");
        }

        return _error is null;
    }

    private long Integer(JsonElement parent, string key, long min, long max, long? fallback = null)
    {
        if (!parent.TryGetProperty(key, out var element))
        {
            if (fallback is null) Fail($"'{key}' is missing");
            return fallback ?? 0;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= min && value <= max) return value;
        Fail(min == max ? $"'{key}' must be {min}" : $"'{key}' must be a whole number from {min} to {max}");
        return 0;
    }

    private string Text(JsonElement parent, string key, int charactersMax)
    {
        if (!parent.TryGetProperty(key, out var element))
        {
            Fail($"'{key}' is missing");
            return "";
        }

        var text = String(element);
        if (text is { Length: > 0 } && text.Length <= charactersMax && !text.Any(char.IsControl)) return text;
        Fail($"'{key}' must be a text of 1 to {charactersMax} characters");
        return "";
    }

    private static string? String(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private string Identifier(JsonElement parent, string key)
    {
        var text = Text(parent, key, 32);
        if (!text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            Fail($"'{key}' may hold lower case letters, digits, '-' and '_' only");
        return text;
    }

    private int Choice(JsonElement parent, string key, params string[] choices)
    {
        var text = parent.TryGetProperty(key, out var element) ? String(element) : null;
        var choice = Array.IndexOf(choices, text);
        if (choice < 0) Fail($"'{key}' must be one of: {string.Join(", ", choices)}");
        return Math.Max(choice, 0);
    }

    private JsonElement[] List(JsonElement parent, string key, int max)
    {
        if (!parent.TryGetProperty(key, out var element)) return [];
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= max) return [.. element.EnumerateArray()];
        Fail($"'{key}' must be a list of at most {max}");
        return [];
    }

    private string[] Capabilities(JsonElement root)
    {
        // ABI 1 has only the imports that every program may use.
        foreach (var element in List(root, "capabilities", 32)) Fail($"'capabilities' names {element.GetRawText()}, which this ABI does not have");
        return [];
    }

    private ProgramParameter[] Parameters(JsonElement root)
    {
        var parameters = new List<ProgramParameter>();
        foreach (var element in List(root, "params", 16))
        {
            if (!Object(element, "an entry of 'params'", ParameterKeys)) break;
            var bytes = Choice(element, "type", "u32", "u64") == 0 ? 4 : 8;
            var parameter = new ProgramParameter(Identifier(element, "name"), bytes, Default(element, bytes), Text(element, "summary", 200));
            if (parameters.Exists(p => p.Name == parameter.Name)) Fail($"'params' has '{parameter.Name}' twice");
            parameters.Add(parameter);
        }

        return [.. parameters];
    }

    private ulong? Default(JsonElement parameter, int bytes)
    {
        if (!parameter.TryGetProperty("default", out var element)) return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out var value) && (bytes == 8 || value <= uint.MaxValue)) return value;
        Fail($"'default' in 'params' must be a u{8 * bytes}");
        return null;
    }
}
