// Loads and stores off the fast path: unaligned ones, byte by byte, and the ones that turn out to be out of bounds.
namespace DePinEdge.Agent.Tasks;

/// <summary>Decodes and performs any load or store of the register code.</summary>
internal static class MemoryAccess
{
    /// <summary>Performs the access at pc; false, with nothing changed, when it is out of bounds.</summary>
    internal static bool Perform(ushort[] code, int pc, int[] r, long[] q, int[] m, ref int acc)
    {
        int op = code[pc];
        if (op >= RegisterOp.StoreL)
            return Store(m, code[pc + 3], r[code[pc + 2]], op == RegisterOp.StoreL ? 8 : 1 << (op - RegisterOp.StoreL - 1), q[code[pc + 1]]);
        if (op >= RegisterOp.LoadL)
        {
            var kind = op - RegisterOp.LoadL;
            var bytes = kind == 0 ? 8 : 1 << ((kind - 1) >> 1);
            long value = 0;
            if (!Load(m, code[pc + 3], r[code[pc + 2]], bytes, (kind & 1) != 0, ref value)) return false;
            q[code[pc + 1]] = value;
            return true;
        }

        if (op >= RegisterOp.Store)
        {
            var form = (op - RegisterOp.Store) % 3;
            var bytes = op < RegisterOp.Store + 3 ? 4 : op < RegisterOp.Store + 6 ? 1 : 2;
            if (form == 0) return Store(m, code[pc + 3], r[code[pc + 2]], bytes, r[code[pc + 1]]);
            return form == 1
                ? Store(m, code[pc + 2], r[code[pc + 1]], bytes, acc)
                : Store(m, code[pc + 2], acc, bytes, r[code[pc + 1]]);
        }
        else
        {
            var kind = (op - RegisterOp.Load) >> 2;
            var bytes = kind == 0 ? 4 : kind < 3 ? 1 : 2;
            var toAcc = ((op - RegisterOp.Load) & 1) != 0;
            var at = toAcc ? pc + 1 : pc + 2;
            int address;
            if (((op - RegisterOp.Load) & 2) != 0) address = acc;
            else address = r[code[at++]];
            long value = 0;
            if (!Load(m, code[at], address, bytes, (kind & 1) != 0, ref value)) return false;
            if (toAcc) acc = (int)value;
            else r[code[pc + 1]] = (int)value;
            return true;
        }
    }

    private static bool Load(int[] m, int offset, int address, int bytes, bool signed, ref long value)
    {
        if (address < 0 || !Memory.Holds(m, address + offset, bytes)) return false;
        value = Memory.Read(m, address + offset, bytes);
        if (signed) value = (value << (64 - (bytes << 3))) >> (64 - (bytes << 3));
        return true;
    }

    private static bool Store(int[] m, int offset, int address, int bytes, long value)
    {
        if (address < 0 || !Memory.Holds(m, address + offset, bytes)) return false;
        Memory.Write(m, address + offset, bytes, value);
        return true;
    }
}
