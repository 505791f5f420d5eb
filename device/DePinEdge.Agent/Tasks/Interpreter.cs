namespace DePinEdge.Agent.Tasks;

public sealed class Interpreter
{
    public int Status;
    public byte Trap;
    public long FuelUsed;
    public byte[] Output;
    public int OutputCount;

    public Interpreter(RegisterImage image) => Output = new byte[image.OutputBytesMax];

    public void Begin(byte[] input, int inputOffset, int inputCount, byte[] tail, int tailOffset, int tailCount, long fuelLimit)
    {
    }

    public bool Run(int fuelSlice)
    {
        Trap = TrapCode.Abandoned;
        return true;
    }
}
