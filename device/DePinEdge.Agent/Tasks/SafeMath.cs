// The one place where the agent divides by a variable. A zero divisor or the smallest integer by -1 stops a process on
// some boards, so both are guarded here again although every caller has made its trap of them before.
namespace DePinEdge.Agent.Tasks;

/// <summary>Division that never faults: by zero gives 0, and the smallest integer by -1 wraps to itself with remainder 0.</summary>
public static class SafeMath
{
    public static int DivS(int a, int b) => b == 0 ? 0 : b == -1 ? -a : a / b;

    public static int DivU(int a, int b) => b == 0 ? 0 : (int)((uint)a / (uint)b);

    public static int RemS(int a, int b) => b == 0 || b == -1 ? 0 : a % b;

    public static int RemU(int a, int b) => b == 0 ? 0 : (int)((uint)a % (uint)b);

    public static long DivS(long a, long b) => b == 0 ? 0 : b == -1 ? -a : a / b;

    public static long DivU(long a, long b) => b == 0 ? 0 : (long)((ulong)a / (ulong)b);

    public static long RemS(long a, long b) => b == 0 || b == -1 ? 0 : a % b;

    public static long RemU(long a, long b) => b == 0 ? 0 : (long)((ulong)a % (ulong)b);
}
