using System.Text;
using System.Text.Json;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Tests.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class NdjsonRendererTests
{
    [Fact]
    public void Lines_are_these()
    {
        var job = new JobId(7);
        var lines = Render(
            [
                Tampering.Bytes(new LedgerOpened("home", "ab") { UtcMs = 1_000 }),
                Tampering.Bytes(new Transferred(TransferKind.Post, 3, "sys:reserve:j7", "dev:a:held", long.MaxValue) { UtcMs = 1_001 }),
            ],
            [
                Tampering.Bytes(new BatchJudged(new BatchId(3), job, new DeviceId("a"), 1_000_000, 1_250_000, 20_000,
                    [new TaskVerdict(4, ReasonCode.Paid, 0, 0, 55, [0xAB, 0x01]), new TaskVerdict(6, ReasonCode.WrongOutput, -1, 9, 7, [])]) { UtcMs = 1_002 }),
            ]);
        Assert.Equal(
            [
                """{"turn":1,"record":1,"utc_ms":1000,"type":"LedgerOpened","site":"home","ledger_id":"ab","head":"HEAD1"}""",
                """{"turn":1,"record":2,"utc_ms":1001,"type":"Transferred","kind":"post","reference":3,"debit":"sys:reserve:j7","credit":"dev:a:held","amount_micro":9223372036854775807,"head":"HEAD2"}""",
                """{"turn":2,"record":3,"utc_ms":1002,"type":"BatchJudged","batch":"b3","job":"j7","device":"a","quality_ppm":1000000,"timeliness_ppm":1250000,"audit_ppm":20000,"lines":[{"task":4,"reason":"PAID","status":0,"trap":0,"fuel":55,"output":"ab01"},{"task":6,"reason":"WRONG_OUTPUT","status":-1,"trap":9,"fuel":7,"output":""}],"head":"HEAD3"}""",
            ],
            lines);
    }

    [Fact]
    public void Every_kind_of_record_has_a_line_with_each_of_its_fields()
    {
        var random = new Random(11);
        foreach (var code in Enum.GetValues<RecordCode>())
        {
            var record = RandomRecords.Next(code, random);
            var line = Assert.Single(Render([Tampering.Bytes(record)]));
            using var json = JsonDocument.Parse(line);
            Assert.Equal(code.ToString(), json.RootElement.GetProperty("type").GetString());
            // turn, record, utc_ms, type and head stand around the record's own fields; Code and UtcMs are members but not fields.
            Assert.Equal(record.GetType().GetProperties().Length - 2, json.RootElement.EnumerateObject().Count() - 5);
        }
    }

    [Fact]
    public void Names_are_escaped_and_unknown_reasons_are_numbers()
    {
        var line = Assert.Single(Render([Tampering.Bytes(new JoinCodeIssued("A\"\n", "ä<b>", "", 0))]));
        Assert.Contains("""
            "code_id":"A\"\n","name":"ä<b>"
            """, line, StringComparison.Ordinal);
        line = Assert.Single(Render([Tampering.Bytes(new LeaseEnded(new BatchId(1), (ReasonCode)200))]));
        Assert.Contains("\"reason\":\"REASON_200\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_record_is_named()
    {
        var error = Assert.Throws<CorruptRecordException>(() => Render([[200, 1, 0]]));
        Assert.StartsWith("turn 1, record 1: unknown record code 200", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Renders turns of these records; the three heads that a test may name are replaced by their numbers.</summary>
    private static string[] Render(params List<byte[]>[] records)
    {
        var turns = Tampering.Rebuild(records);
        using var stream = new MemoryStream();
        NdjsonRenderer.Write(stream, turns);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        var chain = new RecordChain();
        foreach (var bytes in records.SelectMany(r => r))
        {
            chain.Append(bytes);
            var head = Convert.ToHexStringLower(chain.Head);
            Assert.Contains(head, text, StringComparison.Ordinal);
            text = text.Replace(head, $"HEAD{chain.Count}", StringComparison.Ordinal);
        }
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }
}
