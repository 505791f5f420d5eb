// Runs tasks on this machine: what the gateway recomputes with and what Raspberry Pi class boards and simulated ones run
// on. Over the agent's interpreter today; a compiler to CIL will stand behind the same type.
using DePinEdge.Agent.Tasks;

namespace DePinEdge.Tasks;

/// <summary>Runs tasks of one program, one after another. Reusable, not thread-safe; takes the program's memory once.</summary>
public sealed class TaskRunner
{
    // Fuel between two looks at the cancellation token: some milliseconds.
    private const int SliceFuel = 4_000_000;

    private readonly Interpreter _interpreter;
    private readonly byte[] _input = new byte[HostAbi.InputBytesMax];

    /// <summary>A runner of one program.</summary>
    public TaskRunner(LoadedProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var image = RegisterImage.Parse(program.Image, 0, program.Image.Length)
            ?? throw new ArgumentException("the program's image is not one the loader wrote", nameof(program));
        _interpreter = new Interpreter(image);
    }

    /// <summary>
    /// Runs one task. The program sees <paramref name="input"/> followed by <paramref name="tail"/>, together at most
    /// <see cref="HostAbi.InputBytesMax"/> bytes. Every outcome, traps included, is a result; it throws only when
    /// cancelled (between slices of some milliseconds) or called with too long an input.
    /// </summary>
    public TaskOutcome Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> tail, long fuelLimit, CancellationToken ct = default)
    {
        if (input.Length + tail.Length > _input.Length)
            throw new ArgumentException($"input and tail are {input.Length + tail.Length} bytes, more than {_input.Length}", nameof(input));
        input.CopyTo(_input);
        tail.CopyTo(_input.AsSpan(input.Length));
        _interpreter.Begin(_input, 0, input.Length, _input, input.Length, tail.Length, fuelLimit);
        do ct.ThrowIfCancellationRequested();
        while (!_interpreter.Run(SliceFuel));
        return new TaskOutcome(_interpreter.Status, _interpreter.Trap, _interpreter.FuelUsed, _interpreter.Output.AsSpan(0, _interpreter.OutputCount).ToArray());
    }
}
