using System.Text.Encodings.Web;
using System.Text.Json;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// The history for people and scripts: one JSON object a line for every record, with its turn, its number, its fields and the
/// chain's head after it. Amounts are numbers in micro-credits, hashes and outputs lower-case hexadecimal, reasons their names. A
/// rendering only: the compact export is what hashes are taken over.
/// </summary>
public static class NdjsonRenderer
{
    /// <summary>Writes every record of the turns. Throws <see cref="CorruptRecordException"/> naming the turn and record.</summary>
    public static void Write(Stream stream, IEnumerable<Turn> turns)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var chain = new RecordChain();
        foreach (var turn in turns)
        {
            var number = turn.FirstRecord;
            try
            {
                RecordCodec.ForEach(turn.Body, bytes =>
                {
                    var record = RecordCodec.Read(bytes);
                    chain.Append(bytes);
                    WriteLine(json, turn.Seq, number++, record, chain.Head);
                    json.Flush();
                    stream.WriteByte((byte)'\n');
                    json.Reset();
                });
            }
            catch (CorruptRecordException bad)
            {
                throw new CorruptRecordException($"turn {turn.Seq}, record {number}: {bad.Message}");
            }
        }
    }

    private static void WriteLine(Utf8JsonWriter j, long turn, long number, DurableRecord record, byte[] head)
    {
        j.WriteStartObject();
        j.WriteNumber("turn", turn);
        j.WriteNumber("record", number);
        j.WriteNumber("utc_ms", record.UtcMs);
        j.WriteString("type", record.Code.ToString());
        WriteFields(j, record);
        Hex(j, "head", head);
        j.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter j, DurableRecord record)
    {
        switch (record)
        {
            case LedgerOpened r:
                j.WriteString("site", r.Site);
                j.WriteString("ledger_id", r.LedgerId);
                break;
            case JoinCodeIssued r:
                j.WriteString("code_id", r.CodeId);
                j.WriteString("name", r.Name);
                j.WriteString("owner", r.Owner);
                j.WriteNumber("expires_utc_ms", r.ExpiresUtcMs);
                break;
            case JoinCodeFailed r:
                j.WriteString("code_id", r.CodeId);
                j.WriteNumber("failures", r.Failures);
                break;
            case DeviceJoined r:
                j.WriteString("device", r.Device.Value);
                j.WriteString("code_id", r.CodeId);
                j.WriteString("owner", r.Owner);
                j.WriteString("board", r.Board);
                Hex(j, "nonce_b", r.NonceB);
                Hex(j, "nonce_g", r.NonceG);
                Hex(j, "offer_mac", r.OfferMac);
                Hex(j, "accept_mac", r.AcceptMac);
                break;
            case DeviceLoggedIn r:
                j.WriteString("device", r.Device.Value);
                j.WriteNumber("login_number", r.LoginNumber);
                break;
            case DeviceBorn r:
                WriteBirth(j, r);
                break;
            case DeviceHeld r:
                j.WriteString("device", r.Device.Value);
                j.WriteString("reason", ReasonNames.Of(r.Reason));
                j.WriteBoolean("held", r.Held);
                break;
            case KeyOffered r:
                j.WriteString("device", r.Device.Value);
                j.WriteNumber("generation", r.Generation);
                break;
            case KeyRotated r:
                j.WriteString("device", r.Device.Value);
                j.WriteNumber("generation", r.Generation);
                break;
            case ProgramAdded r:
                WriteProgram(j, r);
                break;
            case JobSubmitted r:
                WriteJob(j, r);
                break;
            case BatchDispatched r:
                j.WriteString("batch", r.Batch.ToString());
                j.WriteString("job", r.Job.ToString());
                j.WriteString("device", r.Device.Value);
                j.WriteString("unit", r.Unit.Value);
                j.WriteStartArray("tasks");
                foreach (var task in r.Tasks)
                    j.WriteNumberValue(task);
                j.WriteEndArray();
                j.WriteNumber("lease_ms", r.LeaseMs);
                break;
            case BatchJudged r:
                WriteVerdicts(j, r);
                break;
            case LeaseEnded r:
                j.WriteString("batch", r.Batch.ToString());
                j.WriteString("reason", ReasonNames.Of(r.Reason));
                break;
            case JobCancelled r:
                j.WriteString("job", r.Job.ToString());
                break;
            case JobEnded r:
                j.WriteString("job", r.Job.ToString());
                j.WriteString("state", Lower(r.State));
                break;
            case Transferred r:
                j.WriteString("kind", Lower(r.Kind));
                j.WriteNumber("reference", r.Reference);
                j.WriteString("debit", r.Debit);
                j.WriteString("credit", r.Credit);
                j.WriteNumber("amount_micro", r.AmountMicro);
                break;
            case EpochSealed r:
                j.WriteNumber("epoch", r.Epoch);
                j.WriteNumber("accounts", r.Accounts);
                Hex(j, "root", r.Root);
                Hex(j, "previous_head", r.PreviousHead);
                Hex(j, "chain_head", r.ChainHead);
                Hex(j, "draw_secret", r.DrawSecret);
                Hex(j, "next_draw_hash", r.NextDrawHash);
                Hex(j, "epoch_head", r.Head);
                break;
            case EpochSigned r:
                j.WriteNumber("epoch", r.Epoch);
                Hex(j, "public_key", r.PublicKey);
                Hex(j, "signature", r.Signature);
                break;
            default:
                throw new InvariantException($"record {record.Code} has no rendering");
        }
    }

    private static void WriteBirth(Utf8JsonWriter j, DeviceBorn r)
    {
        j.WriteString("device", r.Device.Value);
        j.WriteString("board", r.Board);
        j.WriteString("chip", r.Chip);
        j.WriteString("firmware", r.Firmware);
        j.WriteNumber("engine_version", r.EngineVersion);
        j.WriteNumber("abi_version", r.AbiVersion);
        j.WriteNumber("fuel_per_second", r.FuelPerSecond);
        j.WriteNumber("memory_bytes_max", r.MemoryBytesMax);
        j.WriteNumber("image_bytes_max", r.ImageBytesMax);
        j.WriteNumber("sensor_bits", r.SensorBits);
        j.WriteNumber("capability_bits", r.CapabilityBits);
        j.WriteNumber("power_source", r.PowerSource);
        j.WriteNumber("wake_plan_ms", r.WakePlanMs);
    }

    private static void WriteProgram(Utf8JsonWriter j, ProgramAdded r)
    {
        j.WriteString("program", r.Hash.Hex);
        j.WriteString("name", r.Name);
        j.WriteString("version", r.Version);
        j.WriteNumber("size_bytes", r.SizeBytes);
        j.WriteNumber("image_bytes", r.ImageBytes);
        j.WriteNumber("memory_bytes", r.MemoryBytes);
        j.WriteNumber("fuel_max", r.FuelMax);
        j.WriteNumber("capability_bits", r.CapabilityBits);
        j.WriteString("output", Lower(r.Output));
        j.WriteString("reduce", Lower(r.Reduce));
    }

    private static void WriteJob(Utf8JsonWriter j, JobSubmitted r)
    {
        j.WriteString("job", r.Job.ToString());
        j.WriteString("idempotency_key", r.IdempotencyKey);
        j.WriteString("requester", r.Requester);
        j.WriteString("title", r.Title);
        j.WriteString("program", r.Program.Hex);
        j.WriteNumber("task_count", r.TaskCount);
        j.WriteBoolean("is_range", r.IsRange);
        j.WriteNumber("range_from", r.RangeFrom);
        Hex(j, "tail", r.Tail);
        j.WriteNumber("fuel_limit", r.FuelLimit);
        j.WriteNumber("price_micro", r.PriceMicro);
        j.WriteNumber("escrow_micro", r.EscrowMicro);
        j.WriteNumber("attempts_max", r.AttemptsMax);
    }

    private static void WriteVerdicts(Utf8JsonWriter j, BatchJudged r)
    {
        j.WriteString("batch", r.Batch.ToString());
        j.WriteString("job", r.Job.ToString());
        j.WriteString("device", r.Device.Value);
        j.WriteNumber("quality_ppm", r.QualityPpm);
        j.WriteNumber("timeliness_ppm", r.TimelinessPpm);
        j.WriteNumber("audit_ppm", r.AuditPpm);
        j.WriteStartArray("lines");
        foreach (var line in r.Lines)
        {
            j.WriteStartObject();
            j.WriteNumber("task", line.Task);
            j.WriteString("reason", ReasonNames.Of(line.Reason));
            j.WriteNumber("status", line.Status);
            j.WriteNumber("trap", line.Trap);
            j.WriteNumber("fuel", line.Fuel);
            Hex(j, "output", line.Output);
            j.WriteEndObject();
        }
        j.WriteEndArray();
    }

    private static void Hex(Utf8JsonWriter j, string name, byte[] bytes) => j.WriteString(name, Convert.ToHexStringLower(bytes));

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
