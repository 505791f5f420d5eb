using System.Numerics;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>What a job must satisfy before it is accepted: every refusal names the value and the rule.</summary>
public static class JobRules
{
    /// <summary>Most bytes of job parameters: they travel with every batch.</summary>
    public const int TailBytesMax = 256;

    /// <summary>Most bytes that a job's results may take in memory while it runs.</summary>
    public const long ResultBytesMax = 64L << 20;

    /// <summary>Most bytes of a list job's inputs together.</summary>
    public const long InputBytesMax = 64L << 20;

    public const int TitleCharsMax = 80;

    public const int KeyCharsMax = 64;

    // Task, reason, status, trap, fuel and length in the result log.
    private const int ResultOverheadBytes = 24;

    /// <summary>The first rule that the job breaks, or null. <paramref name="program"/> is the one it names.</summary>
    public static Problem? Check(JobAsked asked, StoredProgram program, GatewayOptions options)
    {
        var count = asked.IsRange ? (BigInteger)asked.RangeTo - asked.RangeFrom : asked.Inputs.Length;
        if (!Names.IsValid(asked.Requester))
            return new Problem("bad-requester", $"the requester '{asked.Requester}' is not {Names.Rule}");
        if (asked.Title.Length > TitleCharsMax)
            return new Problem("bad-title", $"a title has at most {TitleCharsMax} characters, not {asked.Title.Length}");
        if (asked.IdempotencyKey.Length > KeyCharsMax)
            return new Problem("bad-idempotency-key", $"an idempotency key has at most {KeyCharsMax} characters, not {asked.IdempotencyKey.Length}");
        if (asked.IsRange && (asked.RangeFrom < 0 || count < 1))
            return new Problem("bad-range", $"the range {asked.RangeFrom}..{asked.RangeTo} is empty or negative", "use FROM..TO with 0 <= FROM < TO");
        if (count < 1)
            return new Problem("no-tasks", "the job has no inputs");
        if (count > options.TasksPerJobMax)
            return new Problem("too-many-tasks", $"a job has at most {options.TasksPerJobMax} tasks, not {count}", "split it", GatewayLimit.TasksPerJobMax);
        if (asked.Tail.Length > TailBytesMax)
            return new Problem("bad-parameters", $"job parameters have at most {TailBytesMax} bytes, not {asked.Tail.Length}");
        if (asked.PriceMicro < 0)
            return new Problem("negative-price", $"the price {asked.PriceMicro} is negative", "a price is micro-credits per million fuel, 0 or more");
        if (asked.MaxCreditsMicro < 0)
            return new Problem("negative-price", $"the largest cost {asked.MaxCreditsMicro} is negative");
        if (asked.FuelLimit < 0 || asked.FuelLimit > program.Facts.FuelMax)
            return new Problem("bad-fuel-limit", $"the fuel limit {asked.FuelLimit} is not within 1 to {program.Facts.FuelMax}, the program's own bound");
        if ((long)count * (program.OutputBytesMax + ResultOverheadBytes) > ResultBytesMax)
            return new Problem("too-many-results", $"{count} results of up to {program.OutputBytesMax} bytes exceed {ResultBytesMax} bytes", "split it");
        long bytes = 0;
        for (var i = 0; i < asked.Inputs.Length; i++)
        {
            bytes += asked.Inputs[i].Length;
            if (asked.Inputs[i].Length + asked.Tail.Length > FrameLimits.InputBytesMax)
                return new Problem("input-too-large", $"input {i} has {asked.Inputs[i].Length} bytes, with parameters at most {FrameLimits.InputBytesMax}");
        }
        return bytes > InputBytesMax ? new Problem("input-too-large", $"the inputs have {bytes} bytes together, at most {InputBytesMax}") : null;
    }

    /// <summary>True when a submission under a used key repeats the job it was used for. Inputs of an ended list job are gone; then
    /// their number stands for them.</summary>
    public static bool IsSame(Job job, JobAsked asked)
    {
        var spec = job.Spec;
        return spec.Program == asked.Program && spec.IsRange == asked.IsRange && spec.PriceMicro == asked.PriceMicro && spec.Tail.AsSpan().SequenceEqual(asked.Tail)
            && (asked.FuelLimit == 0 || spec.FuelLimit == asked.FuelLimit)
            && (spec.IsRange
                ? spec.RangeFrom == asked.RangeFrom && spec.TaskCount == asked.RangeTo - asked.RangeFrom
                : spec.TaskCount == asked.Inputs.Length && (job.Inputs.Length == 0 || job.Inputs.Zip(asked.Inputs).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))));
    }

    /// <summary>A list job's inputs as the blob <c>input/jN</c>.</summary>
    public static byte[] EncodeInputs(byte[][] inputs)
    {
        var w = new RecordWriter();
        w.Unsigned(inputs.Length);
        foreach (var input in inputs)
            w.Bytes(input);
        return w.Written.ToArray();
    }

    public static byte[][] DecodeInputs(ReadOnlySpan<byte> blob)
    {
        var reader = new RecordReader(blob);
        var inputs = new byte[reader.Count()][];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = reader.Bytes();
        reader.End();
        return inputs;
    }
}
