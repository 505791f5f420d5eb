// The host's side of the module "depin": what a program may ask of its host, and what asking costs. The fuel table is part
// of the ABI's version, since every engine must charge the same.
namespace DePinEdge.Agent.Tasks;

/// <summary>
/// Host ABI version 1. Before an import the fuel is tested; then its arguments are checked (OOB_MEM, HOST); then its price
/// is charged and the fuel tested again; only then does it act. The price: a fixed part and a part for each byte moved.
/// <list type="bullet">
/// <item>input_len() -> i32: bytes of the input, tail included. 4.</item>
/// <item>input_read(dst, off, n) -> i32: copies min(n, input_len - off) bytes, answers how many; 0 past the end. OOB_MEM when
/// the bytes copied do not fit at dst. 8 + 1 a byte copied.</item>
/// <item>output_write(src, n) -> i32: appends n bytes to the output, answers n. OOB_MEM when they are not in memory, HOST when
/// the output would pass its limit. 8 + 1 a byte.</item>
/// </list>
/// </summary>
public static class HostAbi
{
    public const int Version = 1;
    public const string Module = "depin";
    public const int InputLenFuel = 4;
    public const int InputReadFuel = 8;
    public const int OutputWriteFuel = 8;

    /// <summary>Fuel for each byte that input_read or output_write moves.</summary>
    public const int FuelPerByte = 1;

    /// <summary>Largest input of a task, tail included.</summary>
    public const int InputBytesMax = 1024;

    /// <summary>Largest output of a task.</summary>
    public const int OutputBytesMax = 256;
}
