namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Durable records as bytes: code, version, UTC milliseconds, fields. The bytes are what the chain hashes, what the store keeps and
/// what the compact export carries. A version other than <see cref="Version"/> is refused by name rather than guessed at.
/// </summary>
public static class RecordCodec
{
    /// <summary>The version written today.</summary>
    public const byte Version = 1;

    /// <summary>Appends one record's bytes.</summary>
    public static void Write(DurableRecord record, RecordWriter writer)
    {
        writer.Byte((byte)record.Code);
        writer.Byte(Version);
        writer.Unsigned(record.UtcMs);
        record.WriteFields(writer);
    }

    /// <summary>Reads one record. Throws <see cref="CorruptRecordException"/> for anything but exactly one known record.</summary>
    public static DurableRecord Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var code = (RecordCode)reader.Byte();
        var version = reader.Byte();
        if (version != Version)
            throw reader.Corrupt($"record {code} has version {version}, this program reads {Version}");
        var utcMs = reader.Unsigned();
        DurableRecord record = code switch
        {
            RecordCode.LedgerOpened => LedgerOpened.Read(ref reader),
            RecordCode.JoinCodeIssued => JoinCodeIssued.Read(ref reader),
            RecordCode.JoinCodeFailed => JoinCodeFailed.Read(ref reader),
            RecordCode.DeviceJoined => DeviceJoined.Read(ref reader),
            RecordCode.DeviceLoggedIn => DeviceLoggedIn.Read(ref reader),
            RecordCode.DeviceBorn => DeviceBorn.Read(ref reader),
            RecordCode.DeviceHeld => DeviceHeld.Read(ref reader),
            RecordCode.KeyOffered => KeyOffered.Read(ref reader),
            RecordCode.KeyRotated => KeyRotated.Read(ref reader),
            RecordCode.ProgramAdded => ProgramAdded.Read(ref reader),
            RecordCode.JobSubmitted => JobSubmitted.Read(ref reader),
            RecordCode.BatchDispatched => BatchDispatched.Read(ref reader),
            RecordCode.BatchJudged => BatchJudged.Read(ref reader),
            RecordCode.LeaseEnded => LeaseEnded.Read(ref reader),
            RecordCode.JobEnded => JobEnded.Read(ref reader),
            RecordCode.Transferred => Transferred.Read(ref reader),
            RecordCode.EpochSealed => EpochSealed.Read(ref reader),
            RecordCode.EpochSigned => EpochSigned.Read(ref reader),
            RecordCode.JobCancelled => JobCancelled.Read(ref reader),
            _ => throw reader.Corrupt($"unknown record code {(byte)code}"),
        };
        reader.End();
        return record with { UtcMs = utcMs };
    }

    /// <summary>Calls <paramref name="each"/> with every record's bytes of a turn's body, in order.</summary>
    public static void ForEach(ReadOnlySpan<byte> body, RecordBytesHandler each)
    {
        var reader = new RecordReader(body);
        while (!reader.AtEnd)
            each(reader.Raw(reader.Count()));
    }
}

/// <summary>Receives one record's stored bytes.</summary>
public delegate void RecordBytesHandler(ReadOnlySpan<byte> record);
