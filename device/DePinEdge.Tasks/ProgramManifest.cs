// What a program says about itself: the JSON of the custom section "depin".
namespace DePinEdge.Tasks;

/// <summary>What a program's run reads.</summary>
public enum ProgramInput
{
    /// <summary>Up to 1,024 bytes, as the requester gave them.</summary>
    Bytes,

    /// <summary>The task's index as 8 bytes little endian, then the job's parameters.</summary>
    U64,
}

/// <summary>What a program's run writes.</summary>
public enum ProgramOutput
{
    /// <summary>Up to 256 bytes.</summary>
    Bytes,

    /// <summary>4 bytes little endian, unsigned.</summary>
    U32,

    /// <summary>8 bytes little endian, signed.</summary>
    I64,
}

/// <summary>How a job's results become one answer.</summary>
public enum ProgramReduce
{
    None,
    Sum,
    Min,
    Max,
    Concat,
}

/// <summary>One parameter of a job: its name, its width and, if it may be left out, its default.</summary>
/// <param name="Name">The key a requester uses.</param>
/// <param name="Bytes">4 for "u32", 8 for "u64".</param>
/// <param name="Default">The value when the requester names none; null when it must be named.</param>
/// <param name="Summary">One line for people.</param>
public sealed record ProgramParameter(string Name, int Bytes, ulong? Default, string Summary);

/// <summary>The manifest of a program, checked: every value is inside its range.</summary>
/// <param name="Abi">Version of the host ABI and its fuel table; 1 today.</param>
/// <param name="Name">Short name, lower case letters, digits and dashes.</param>
/// <param name="Version">The program's own version, for people.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="MemoryBytes">Bytes of linear memory the program may touch, a multiple of 256.</param>
/// <param name="StackSlots">Params, locals and operands of all open frames together.</param>
/// <param name="FuelMax">The most fuel one task may use.</param>
/// <param name="Capabilities">Groups of imports the program asks for.</param>
/// <param name="Input">What a run reads.</param>
/// <param name="Output">What a run writes.</param>
/// <param name="Reduce">How results become one answer.</param>
/// <param name="Params">The job's parameters, in the order of their encoding.</param>
/// <param name="Source">Where the source is.</param>
/// <param name="Licence">SPDX name of the licence.</param>
public sealed record ProgramManifest(
    int Abi,
    string Name,
    string Version,
    string Summary,
    int MemoryBytes,
    int StackSlots,
    long FuelMax,
    IReadOnlyList<string> Capabilities,
    ProgramInput Input,
    ProgramOutput Output,
    ProgramReduce Reduce,
    IReadOnlyList<ProgramParameter> Params,
    string Source,
    string Licence)
{
    /// <summary>
    /// Encodes a job's parameters as every task's input tail: little endian, in the manifest's order, defaults filled in.
    /// Answers false with a message that names the parameter when one is missing, unknown or too large for its width.
    /// </summary>
    public bool TryEncodeParameters(IReadOnlyDictionary<string, ulong> values, out byte[] tail, out string? error)
    {
        tail = new byte[Params.Sum(p => p.Bytes)];
        error = null;
        foreach (var name in values.Keys)
        {
            if (Params.All(p => p.Name != name))
            {
                error = $"parameter '{name}' is not one of the program's ({string.Join(", ", Params.Select(p => p.Name))})";
                return false;
            }
        }

        var at = 0;
        foreach (var parameter in Params)
        {
            if (!values.TryGetValue(parameter.Name, out var value))
            {
                if (parameter.Default is not { } fallback)
                {
                    error = $"parameter '{parameter.Name}' is missing and has no default";
                    return false;
                }

                value = fallback;
            }

            if (parameter.Bytes == 4 && value > uint.MaxValue)
            {
                error = $"parameter '{parameter.Name}' is {value}, over the largest u32";
                return false;
            }

            for (var i = 0; i < parameter.Bytes; i++)
                tail[at++] = (byte)(value >> (8 * i));
        }

        return true;
    }
}
