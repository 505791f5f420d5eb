// Reads the primitives of the WebAssembly binary format (specification 5.2): bytes, LEB128 numbers, names.
using System.Text;

namespace DePinEdge.Tasks.Wasm;

/// <summary>
/// A cursor over one part of a module. A failure is noted in the diagnosis and answered with 0; the cursor then stands at
/// its end, so that every loop over items ends soon without checking each read.
/// </summary>
internal sealed class WasmReader(byte[] bytes, int start, int end, Diagnosis diagnosis)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>Offset of the next byte in the file.</summary>
    public int At { get; private set; } = start;

    /// <summary>Offset behind the last byte of this part.</summary>
    public int End => end;

    /// <summary>The diagnosis errors go to.</summary>
    public Diagnosis Diagnosis => diagnosis;

    /// <summary>True when something was wrong, here or elsewhere in the module.</summary>
    public bool Failed => diagnosis.Failed;

    /// <summary>True while there are bytes left and nothing was wrong.</summary>
    public bool More => At < end && !diagnosis.Failed;

    public bool Malformed(int at, string message) => Stop(ProgramErrorCode.Malformed, at, message);

    public bool Invalid(int at, string message) => Stop(ProgramErrorCode.Invalid, at, message);

    public bool Unsupported(int at, string message) => Stop(ProgramErrorCode.Unsupported, at, message);

    public bool Limit(int at, string message) => Stop(ProgramErrorCode.Limit, at, message);

    private bool Stop(ProgramErrorCode code, int at, string message)
    {
        diagnosis.Fail(code, at, message);
        At = end;
        return false;
    }

    public byte Byte()
    {
        if (At < end) return bytes[At++];
        Malformed(At, "unexpected end");
        return 0;
    }

    public uint U32() => (uint)Leb(32, false);

    public int S32() => (int)Leb(32, true);

    public long S64() => Leb(64, true);

    /// <summary>A block type's number: signed, 33 bits.</summary>
    public long S33() => Leb(33, true);

    /// <summary>The length of a list whose items take at least a byte each, under a limit.</summary>
    public int Count(int max, string what)
    {
        var at = At;
        var count = U32();
        if (Failed) return 0;
        if (count > (uint)max) Limit(at, $"{count} {what}, more than {max}");
        else if (count > (uint)(end - At)) Malformed(at, $"{count} {what}, more than there are bytes left");
        else return (int)count;
        return 0;
    }

    /// <summary>A name: valid UTF-8.</summary>
    public string Name()
    {
        var at = At;
        var span = Bytes();
        try
        {
            return StrictUtf8.GetString(span);
        }
        catch (DecoderFallbackException)
        {
            Malformed(at, "a name is not UTF-8");
            return "";
        }
    }

    /// <summary>A counted run of bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var at = At;
        var count = U32();
        if (Failed) return [];
        if (count > (uint)(end - At))
        {
            Malformed(at, $"{count} bytes, more than are left");
            return [];
        }

        At += (int)count;
        return bytes.AsSpan(At - (int)count, (int)count);
    }

    /// <summary>A reader over the next bytes, which this one then steps over.</summary>
    public WasmReader Part(int count)
    {
        var part = new WasmReader(bytes, At, At + count, diagnosis);
        At += count;
        return part;
    }

    /// <summary>Steps over bytes that are known to be there.</summary>
    public void Skip(int count) => At += count;

    private long Leb(int bits, bool signed)
    {
        var at = At;
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (At >= end)
            {
                Malformed(at, "unexpected end");
                return 0;
            }

            int b = bytes[At++];
            value |= (long)(b & 127) << shift;
            var left = bits - shift;
            if (left < 7)
            {
                // The last byte: no continuation, and the bits past the width repeat the sign (or are zero).
                if ((b & 128) != 0)
                {
                    Malformed(at, "integer representation too long");
                    return 0;
                }

                var over = signed ? (b & 127) >> (left - 1) : (b & 127) >> left;
                if (over != 0 && (!signed || over != 127 >> (left - 1)))
                {
                    Malformed(at, "integer too large");
                    return 0;
                }
            }

            if ((b & 128) != 0) continue;
            if (signed && shift + 7 < 64 && (b & 64) != 0) value |= -1L << (shift + 7);
            return value;
        }
    }
}
