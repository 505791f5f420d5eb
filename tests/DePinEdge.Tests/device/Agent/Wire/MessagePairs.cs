// Every message of depin.proto twice: as the hand codec writes it and as Google.Protobuf does, from one random source.
using DePinEdge.Agent.Wire;
using Google.Protobuf;
using Proto = DePinEdge.Wire.Proto;

namespace DePinEdge.Tests.Device.Agent.Wire;

/// <summary>A random message in both codecs.</summary>
/// <param name="Hand">What the hand codec wrote.</param>
/// <param name="Google">The same message for Google.Protobuf.</param>
internal sealed record MessagePair(byte[] Hand, IMessage Google);

/// <summary>One kind of message: how to draw one, and how to read bytes with the hand codec and write them again (null: refused).</summary>
internal sealed record MessageKind(string Name, Func<Random, MessagePair> Draw, Func<byte[], int, int, byte[]?> Rewrite);

internal static class MessagePairs
{
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";

    public static IReadOnlyList<MessageKind> All { get; } =
    [
        new("Hello", DrawHello, (b, o, c) => { var m = new Hello(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Offer", DrawOffer, (b, o, c) => { var m = new Offer(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Accept", DrawAccept, (b, o, c) => { var m = new Accept(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Joined", DrawJoined, (b, o, c) => { var m = new Joined(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("JoinRefused", DrawJoinRefused, (b, o, c) => { var m = new JoinRefused(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Welcome", DrawWelcome, (b, o, c) => { var m = new Welcome(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Birth", DrawBirth, (b, o, c) => { var m = new Birth(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Batch", DrawBatch, (b, o, c) => { var m = new Batch(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Report", DrawReport, (b, o, c) => { var m = new Report(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("ProgramRequest", DrawRequest, (b, o, c) => { var m = new ProgramRequest(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("ProgramChunk", DrawChunk, (b, o, c) => { var m = new ProgramChunk(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Resend", DrawResend, (b, o, c) => { var m = new Resend(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Command", DrawCommand, (b, o, c) => { var m = new Command(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("CommandReply", DrawReply, (b, o, c) => { var m = new CommandReply(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
        new("Goodbye", DrawGoodbye, (b, o, c) => { var m = new Goodbye(); return m.Decode(b, o, c) ? Written(m.Encode) : null; }),
    ];

    public static MessageKind Named(string name) => All.Single(kind => kind.Name == name);

    /// <summary>Runs an Encode at an offset and cuts out what it wrote.</summary>
    public static byte[] Written(Func<byte[], int, int> encode)
    {
        const int offset = 3;
        var buffer = new byte[offset + FrameLimits.BodyBytesMax];
        var count = encode(buffer, offset);
        Assert.True(count >= 0, "a valid message does not fit");
        return buffer[offset..(offset + count)];
    }

    public static Telemetry DrawTelemetry(Random random)
    {
        var telemetry = new Telemetry
        {
            Present = random.Next(TelemetryField.All + 1),
            TemperatureCentiC = Signed(random),
            HumidityDeciPercent = Number(random),
            PressurePa = random.Next(30000, 110000),
            IlluminanceLx = Number(random),
            VoltageMv = Number(random),
            CurrentMa = Signed(random),
            BatteryPercent = random.Next(101),
            EnergyCentiWh = Number(random),
            UptimeS = Number(random),
            HeapFreeBytes = Number(random) & ~63,
            RssiDbm = -random.Next(121),
            Queue = random.Next(9),
            TasksOk = Number(random),
            TasksErr = Number(random),
            TaskCentiMj = Number(random),
            Source = random.Next(3),
        };
        return telemetry;
    }

    private static MessagePair DrawHello(Random random)
    {
        var m = new Hello { CodeId = Text(random, 6, 6), Board = Text(random, 0, 24), NonceB = Bytes(random, 16) };
        return new(Written(m.Encode), new Proto.Hello { CodeId = m.CodeId, Board = m.Board, NonceB = ByteString.CopyFrom(m.NonceB) });
    }

    private static MessagePair DrawOffer(Random random)
    {
        var m = new Offer { Site = Id(random), DeviceId = Id(random), NonceG = Bytes(random, 16), Mac = Bytes(random, 32) };
        return new(Written(m.Encode), new Proto.Offer
        {
            Site = m.Site,
            DeviceId = m.DeviceId,
            NonceG = ByteString.CopyFrom(m.NonceG),
            Mac = ByteString.CopyFrom(m.Mac),
        });
    }

    private static MessagePair DrawAccept(Random random)
    {
        var m = new Accept { Mac = Bytes(random, 32) };
        return new(Written(m.Encode), new Proto.Accept { Mac = ByteString.CopyFrom(m.Mac) });
    }

    private static MessagePair DrawJoined(Random random)
    {
        var m = new Joined { DeviceId = Id(random) };
        return new(Written(m.Encode), new Proto.Joined { DeviceId = m.DeviceId });
    }

    private static MessagePair DrawJoinRefused(Random random)
    {
        var m = new JoinRefused { ReasonCode = Text(random, 0, 32), Hint = Text(random, 0, 96) };
        return new(Written(m.Encode), new Proto.JoinRefused { ReasonCode = m.ReasonCode, Hint = m.Hint });
    }

    private static MessagePair DrawWelcome(Random random)
    {
        var m = new Welcome
        {
            NonceG = Bytes(random, 16),
            UtcMs = Long(random),
            LoginNumber = Long(random),
            FrameBytesMax = Number(random),
            TasksPerBatchMax = Number(random),
            ReportIntervalMs = Number(random),
        };
        return new(Written(m.Encode), new Proto.Welcome
        {
            NonceG = ByteString.CopyFrom(m.NonceG),
            UtcMs = (ulong)m.UtcMs,
            LoginNumber = (ulong)m.LoginNumber,
            FrameBytesMax = (uint)m.FrameBytesMax,
            TasksPerBatchMax = (uint)m.TasksPerBatchMax,
            ReportIntervalMs = (uint)m.ReportIntervalMs,
        });
    }

    private static MessagePair DrawBirth(Random random)
    {
        var m = new Birth
        {
            Board = Text(random, 0, 16),
            Chip = Text(random, 0, 8),
            Firmware = Text(random, 0, 8),
            EngineVersion = random.Next(9),
            AbiVersion = random.Next(9),
            FuelPerSecond = random.Next(1 << 30),
            HeapFreeBytes = random.Next(1 << 20),
            SensorBits = random.Next(1 << 15),
            PowerSource = random.Next(3),
            CapabilityBits = random.Next(1 << 10),
            WakePlanMs = random.Next(1 << 25),
            SelfTestBits = random.Next(1 << 7),
            ResetReason = random.Next(1 << 7),
            LeastHeapBytes = random.Next(1 << 20),
            LongestGcMs = random.Next(1 << 13),
            MemoryBytesMax = random.Next(1 << 20),
            ImageBytesMax = random.Next(1 << 20),
        };
        return new(Written(m.Encode), new Proto.Birth
        {
            Board = m.Board,
            Chip = m.Chip,
            Firmware = m.Firmware,
            EngineVersion = (uint)m.EngineVersion,
            AbiVersion = (uint)m.AbiVersion,
            FuelPerSecond = (ulong)m.FuelPerSecond,
            HeapFreeBytes = (uint)m.HeapFreeBytes,
            SensorBits = (uint)m.SensorBits,
            PowerSource = (uint)m.PowerSource,
            CapabilityBits = (uint)m.CapabilityBits,
            WakePlanMs = (ulong)m.WakePlanMs,
            SelfTestBits = (uint)m.SelfTestBits,
            ResetReason = (uint)m.ResetReason,
            LeastHeapBytes = (uint)m.LeastHeapBytes,
            LongestGcMs = (uint)m.LongestGcMs,
            MemoryBytesMax = (uint)m.MemoryBytesMax,
            ImageBytesMax = (uint)m.ImageBytesMax,
        });
    }

    private static MessagePair DrawBatch(Random random)
    {
        var m = new Batch
        {
            BatchId = 1 + Long(random) / 2,
            LeaseMs = Number(random),
            ProgramHash = Bytes(random, 32),
            FuelLimit = Long(random),
            Data = Bytes(random, 512),
            TailOffset = 5,
            TailCount = random.Next(40),
            Count = random.Next(1, 33),
        };
        var google = new Proto.Batch
        {
            BatchId = (ulong)m.BatchId,
            LeaseMs = (uint)m.LeaseMs,
            ProgramHash = ByteString.CopyFrom(m.ProgramHash),
            FuelLimit = (ulong)m.FuelLimit,
            Tail = ByteString.CopyFrom(m.Data, m.TailOffset, m.TailCount),
        };
        for (var i = 0; i < m.Count; i++)
        {
            m.TaskId[i] = Long(random);
            m.InputOffset[i] = random.Next(256);
            m.InputCount[i] = random.Next(90);
            google.Tasks.Add(new Proto.BatchTask
            {
                TaskId = (ulong)m.TaskId[i],
                Input = ByteString.CopyFrom(m.Data, m.InputOffset[i], m.InputCount[i]),
            });
        }
        return new(Written(m.Encode), google);
    }

    private static MessagePair DrawReport(Random random)
    {
        var m = new Report
        {
            BatchId = 1 + Long(random) / 2,
            Count = random.Next(33),
            Output = Bytes(random, 512),
            Telemetry = DrawTelemetry(random),
            Window = random.Next(9),
            FramesIgnored = Number(random),
            LastIgnoredStatus = random.Next(11),
        };
        var packed = new byte[FrameLimits.TelemetryBytesMax];
        var packedCount = m.Telemetry.Present == 0 ? 0 : m.Telemetry.Pack(packed, 0);
        var google = new Proto.Report
        {
            BatchId = (ulong)m.BatchId,
            Telemetry = ByteString.CopyFrom(packed, 0, packedCount),
            Window = (uint)m.Window,
            FramesIgnored = (uint)m.FramesIgnored,
            LastIgnoredStatus = (uint)m.LastIgnoredStatus,
        };
        for (var i = 0; i < m.Count; i++)
        {
            m.TaskId[i] = Long(random);
            m.Status[i] = random.Next(3) == 0 ? 0 : Signed(random);
            m.Trap[i] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)0;
            m.Fuel[i] = Long(random);
            m.OutputOffset[i] = random.Next(256);
            m.OutputCount[i] = random.Next(60);
            google.Results.Add(new Proto.TaskResult
            {
                TaskId = (ulong)m.TaskId[i],
                Status = m.Status[i],
                Trap = m.Trap[i],
                Fuel = (ulong)m.Fuel[i],
                Output = ByteString.CopyFrom(m.Output, m.OutputOffset[i], m.OutputCount[i]),
            });
        }
        return new(Written(m.Encode), google);
    }

    private static MessagePair DrawRequest(Random random)
    {
        var m = new ProgramRequest { ProgramHash = Bytes(random, 32), Offset = Number(random), Count = Number(random) };
        return new(Written(m.Encode), new Proto.ProgramRequest
        {
            ProgramHash = ByteString.CopyFrom(m.ProgramHash),
            Offset = (uint)m.Offset,
            Count = (uint)m.Count,
        });
    }

    private static MessagePair DrawChunk(Random random)
    {
        var m = new ProgramChunk
        {
            ProgramHash = Bytes(random, 32),
            ImageHash = Bytes(random, 32),
            Total = Number(random),
            Offset = Number(random),
            Data = Bytes(random, FrameLimits.ChunkBytesMax + 7),
            DataOffset = random.Next(8),
            DataCount = random.Next(FrameLimits.ChunkBytesMax + 1),
        };
        return new(Written(m.Encode), new Proto.ProgramChunk
        {
            ProgramHash = ByteString.CopyFrom(m.ProgramHash),
            ImageHash = ByteString.CopyFrom(m.ImageHash),
            Total = (uint)m.Total,
            Offset = (uint)m.Offset,
            Data = ByteString.CopyFrom(m.Data, m.DataOffset, m.DataCount),
        });
    }

    private static MessagePair DrawResend(Random random)
    {
        var m = new Resend { FromSeq = Long(random), ToSeq = Long(random) };
        return new(Written(m.Encode), new Proto.Resend { FromSeq = (ulong)m.FromSeq, ToSeq = (ulong)m.ToSeq });
    }

    private static MessagePair DrawCommand(Random random)
    {
        var m = new Command
        {
            Id = Long(random),
            Name = Text(random, 0, 24),
            Payload = Bytes(random, 300),
            PayloadOffset = random.Next(44),
            PayloadCount = random.Next(257),
            ExpiresMs = Number(random),
        };
        return new(Written(m.Encode), new Proto.Command
        {
            Id = (ulong)m.Id,
            Name = m.Name,
            Payload = ByteString.CopyFrom(m.Payload, m.PayloadOffset, m.PayloadCount),
            ExpiresMs = (uint)m.ExpiresMs,
        });
    }

    private static MessagePair DrawReply(Random random)
    {
        var m = new CommandReply
        {
            Id = Long(random),
            Status = Number(random),
            Payload = Bytes(random, 300),
            PayloadOffset = random.Next(44),
            PayloadCount = random.Next(257),
        };
        return new(Written(m.Encode), new Proto.CommandReply
        {
            Id = (ulong)m.Id,
            Status = (uint)m.Status,
            Payload = ByteString.CopyFrom(m.Payload, m.PayloadOffset, m.PayloadCount),
        });
    }

    private static MessagePair DrawGoodbye(Random random)
    {
        var m = new Goodbye { Reason = Number(random), NextWakeMs = Long(random) };
        return new(Written(m.Encode), new Proto.Goodbye { Reason = (uint)m.Reason, NextWakeMs = (ulong)m.NextWakeMs });
    }

    // Numbers of every length in bits, zero and the largest included.
    private static int Number(Random random) => (int)(random.NextInt64() >> random.Next(32, 64) & int.MaxValue);

    private static int Signed(Random random) => random.Next(2) == 0 ? Number(random) : -1 - Number(random);

    private static long Long(Random random) => random.NextInt64() >> random.Next(64);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random, int least, int most) =>
        string.Create(random.Next(least, most + 1), random, (span, r) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = (char)r.Next(' ', '~' + 1);
        });

    private static string Id(Random random) => new(random.GetItems<char>(IdAlphabet, random.Next(1, 33)));
}
