using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class ManifestTests
{
    private static string? Error(Func<string, string?> edit)
    {
        var result = ProgramLoader.Load(new WasmBuilder { EditManifest = edit }.Run("", I32(0)).Build());
        if (result.Error is null) return null;
        Assert.Equal(ProgramErrorCode.Manifest, result.Error.Code);
        return result.Error.Message;
    }

    private static Func<string, string?> Replace(string from, string to) => json =>
    {
        Assert.Contains(from, json, StringComparison.Ordinal);
        return json.Replace(from, to, StringComparison.Ordinal);
    };

    [Theory]
    [InlineData("\"abi\":1", "\"abi\":2", "'abi'")]
    [InlineData("\"abi\":1", "\"abi\":\"1\"", "'abi'")]
    [InlineData("\"abi\":1,", "", "'abi' is missing")]
    [InlineData("\"abi\":1", "\"abi\":1,\"abi\":1", "'abi' stands twice")]
    [InlineData("\"abi\":1", "\"abi\":1,\"fee\":3", "unknown key 'fee'")]
    [InlineData("\"name\":\"test\"", "\"name\":\"Test\"", "'name'")]
    [InlineData("\"name\":\"test\"", "\"name\":\"\"", "'name'")]
    [InlineData("\"name\":\"test\"", "\"name\":\"\\ud800\"", "no Unicode")]
    [InlineData("\"version\":\"1\"", "\"version\":1", "'version'")]
    [InlineData("\"summary\":\"A test\"", "\"summary\":null", "'summary'")]
    [InlineData("\"memory_bytes\":65536", "\"memory_bytes\":65535", "'memory_bytes' is not a multiple of 256")]
    [InlineData("\"memory_bytes\":65536", "\"memory_bytes\":-256", "'memory_bytes'")]
    [InlineData("\"memory_bytes\":65536", "\"memory_bytes\":2.5", "'memory_bytes'")]
    [InlineData("\"stack_slots\":4096", "\"stack_slots\":0", "'stack_slots'")]
    [InlineData("\"fuel_max\":1000000", "\"fuel_max\":0", "'fuel_max'")]
    [InlineData("\"fuel_max\":1000000", "\"fuel_max\":1000000000000001", "'fuel_max'")]
    [InlineData("\"capabilities\":[]", "\"capabilities\":[\"sense\"]", "\"sense\"")]
    [InlineData("\"capabilities\":[]", "\"capabilities\":{}", "'capabilities'")]
    [InlineData("\"input\":\"bytes\"", "\"input\":\"u32\"", "'input'")]
    [InlineData("\"output\":\"bytes\"", "\"output\":\"f64\"", "'output'")]
    [InlineData("\"reduce\":\"none\"", "\"reduce\":\"sum\"", "'reduce' needs an output")]
    [InlineData("\"reduce\":\"none\"", "\"reduce\":\"mean\"", "'reduce'")]
    [InlineData("\"source\":\"here\"", "\"params\":[{\"name\":\"a\",\"type\":\"u32\",\"summary\":\"x\"}],\"source\":\"here\"", "'params' needs the input u64")]
    [InlineData("\"licence\":\"MIT\"}", "\"licence\":\"MIT\"", "no JSON")]
    [InlineData("{\"abi\"", "[{\"abi\"", "no JSON")]
    public void A_wrong_key_is_named(string from, string to, string words) => Assert.Contains(words, Error(Replace(from, to)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"memory_bytes\":65536", "\"memory_bytes\":0")]
    [InlineData("\"stack_slots\":4096,", "")]
    [InlineData("\"stack_slots\":4096", "\"stack_slots\":65536")]
    [InlineData("\"fuel_max\":1000000", "\"fuel_max\":1000000000000000")]
    [InlineData("\"capabilities\":[],", "")]
    [InlineData("\"licence\":\"MIT\"}", "\"licence\":\"MIT\"}\n")]
    [InlineData("\"licence\":\"MIT\"}", "\"licence\":\"MIT\"}\0\0")]
    [InlineData("\"reduce\":\"none\"", "\"reduce\":\"concat\"")]
    public void A_value_at_its_edge_passes(string from, string to) => Assert.Null(Error(Replace(from, to)));

    [Fact]
    public void A_second_section_is_refused()
    {
        byte[] wasm = [.. new WasmBuilder().Run("", I32(0)).Build(), .. WasmBuilder.Custom("depin", "{}"u8.ToArray())];
        Assert.Contains("second custom section", ProgramLoader.Load(wasm).Error!.Message, StringComparison.Ordinal);
    }

    private static ProgramManifest WithParams(string list) =>
        ProgramLoader.Load(new WasmBuilder { Input = "u64", EditManifest = json => json.Replace("\"source\"", "\"params\":" + list + ",\"source\"", StringComparison.Ordinal) }.Run("", I32(0)).Build()) switch
        {
            { Program: { } program } => program.Manifest,
            { Error: var error } => throw new InvalidOperationException(error!.Message),
        };

    [Theory]
    [InlineData("[{\"name\":\"a\",\"type\":\"u16\",\"summary\":\"x\"}]", "'type'")]
    [InlineData("[{\"name\":\"a\",\"type\":\"u32\",\"default\":4294967296,\"summary\":\"x\"}]", "'default'")]
    [InlineData("[{\"name\":\"a\",\"type\":\"u32\",\"default\":-1,\"summary\":\"x\"}]", "'default'")]
    [InlineData("[{\"name\":\"a\",\"type\":\"u32\",\"summary\":\"x\"},{\"name\":\"a\",\"type\":\"u64\",\"summary\":\"x\"}]", "'a' twice")]
    [InlineData("[{\"name\":\"a\",\"type\":\"u32\"}]", "'summary' is missing")]
    [InlineData("[5]", "no JSON object")]
    [InlineData("7", "'params'")]
    public void A_wrong_parameter_is_named(string list, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => WithParams(list)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_are_encoded_in_the_manifests_order()
    {
        var manifest = WithParams("[{\"name\":\"b\",\"type\":\"u32\",\"summary\":\"x\"},{\"name\":\"a\",\"type\":\"u64\",\"default\":258,\"summary\":\"x\"}]");
        Assert.True(manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["b"] = 0xfffffffe }, out var tail, out var error), error);
        Assert.Equal([0xfe, 0xff, 0xff, 0xff, 2, 1, 0, 0, 0, 0, 0, 0], tail);
        Assert.False(manifest.TryEncodeParameters(new Dictionary<string, ulong>(), out _, out error));
        Assert.Contains("'b' is missing", error, StringComparison.Ordinal);
        Assert.False(manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["b"] = 1, ["c"] = 1 }, out _, out error));
        Assert.Contains("'c'", error, StringComparison.Ordinal);
        Assert.False(manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["b"] = 1UL << 32 }, out _, out error));
        Assert.Contains("over the largest u32", error, StringComparison.Ordinal);
    }
}
