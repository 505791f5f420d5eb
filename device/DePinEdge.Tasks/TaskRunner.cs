using DePinEdge.Agent.Tasks;

namespace DePinEdge.Tasks;

/// <summary>Runs tasks of one program, one after another. Reusable, not thread-safe.</summary>
public sealed class TaskRunner
{
    private readonly Interpreter _interpreter;

    public TaskRunner(LoadedProgram program)
    {
        _interpreter = new Interpreter(RegisterImage.Parse(program.Image, 0, program.Image.Length));
    }

    public TaskOutcome Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> tail, long fuelLimit, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        _interpreter.Begin(input.ToArray(), 0, input.Length, tail.ToArray(), 0, tail.Length, fuelLimit);
        _interpreter.Run(int.MaxValue);
        return new TaskOutcome(_interpreter.Status, _interpreter.Trap, _interpreter.FuelUsed, _interpreter.Output[.._interpreter.OutputCount]);
    }
}
