// A task's input and output: the host's side of the imports in HostAbi.
namespace DePinEdge.Agent.Tasks;

/// <summary>The input a program reads (two buffers seen as one) and the output it writes, with the imports that move them.</summary>
internal sealed class TaskIo
{
    internal readonly byte[] Output;
    internal int OutputCount;
    private byte[] _input;
    private int _inputOffset;
    private int _inputCount;
    private byte[] _tail;
    private int _tailOffset;
    private int _tailCount;

    internal TaskIo(int outputBytesMax) => Output = new byte[outputBytesMax];

    internal void Begin(byte[] input, int inputOffset, int inputCount, byte[] tail, int tailOffset, int tailCount)
    {
        _input = input;
        _inputOffset = inputOffset;
        _inputCount = inputCount;
        _tail = tail;
        _tailOffset = tailOffset;
        _tailCount = tailCount;
        OutputCount = 0;
    }

    /// <summary>The price of the host import at pc, or -1 when its bytes are not in memory and -2 when the output would be too long.</summary>
    internal int Fuel(ushort[] code, int pc, int[] r, int[] m)
    {
        if (code[pc] == RegisterOp.InputLen) return HostAbi.InputLenFuel;
        if (code[pc] == RegisterOp.InputRead)
        {
            var count = InputReadCount(r[code[pc + 3]], r[code[pc + 4]]);
            if (!Memory.Holds(m, r[code[pc + 2]], count)) return -1;
            return HostAbi.InputReadFuel + (count * HostAbi.FuelPerByte);
        }

        var n = r[code[pc + 3]];
        if (!Memory.Holds(m, r[code[pc + 2]], n)) return -1;
        if (n > Output.Length - OutputCount) return -2;
        return HostAbi.OutputWriteFuel + (n * HostAbi.FuelPerByte);
    }

    private int InputReadCount(int offset, int count)
    {
        var total = _inputCount + _tailCount;
        if (offset < 0 || offset >= total) return 0;
        return count < 0 || count > total - offset ? total - offset : count;
    }

    /// <summary>Performs a host import whose arguments Fuel has accepted; answers the next operator's place.</summary>
    internal int Call(ushort[] code, int pc, int[] r, int[] m)
    {
        if (code[pc] == RegisterOp.InputLen)
        {
            r[code[pc + 1]] = _inputCount + _tailCount;
            return pc + 2;
        }

        int result;
        if (code[pc] == RegisterOp.InputRead)
        {
            var offset = r[code[pc + 3]];
            result = InputReadCount(offset, r[code[pc + 4]]);
            for (var i = 0; i < result; i++)
            {
                var at = offset + i;
                int value = at < _inputCount ? _input[_inputOffset + at] : _tail[_tailOffset + at - _inputCount];
                Memory.WriteByte(m, r[code[pc + 2]] + i, value);
            }

            r[code[pc + 1]] = result;
            return pc + 5;
        }

        result = r[code[pc + 3]];
        for (var i = 0; i < result; i++)
            Output[OutputCount++] = (byte)Memory.ReadByte(m, r[code[pc + 2]] + i);
        r[code[pc + 1]] = result;
        return pc + 4;
    }
}
