// Integer division that every virtual machine we run on survives.
namespace DePinEdge.Agent.Wire;

/// <summary>The only place of the agent where a divisor may be a variable. On a board x / 0 throws a plain Exception and
/// int.MinValue / -1 can end the process, so the compile gate's scan refuses any other division whose divisor is not a constant.
/// Whoever needs another answer for these cases (a trap, say) tests for them before the call.</summary>
public static class SafeMath
{
    /// <summary>a / b; 0 when b is 0; a wrapped negation when b is -1.</summary>
    public static int Div(int a, int b) => b == 0 ? 0 : b == -1 ? 0 - a : a / b;

    /// <summary>a % b; 0 when b is 0 or -1.</summary>
    public static int Rem(int a, int b) => b == 0 || b == -1 ? 0 : a % b;

    /// <summary>a / b; 0 when b is 0; a wrapped negation when b is -1.</summary>
    public static long Div(long a, long b) => b == 0 ? 0 : b == -1 ? 0 - a : a / b;

    /// <summary>a % b; 0 when b is 0 or -1.</summary>
    public static long Rem(long a, long b) => b == 0 || b == -1 ? 0 : a % b;

    /// <summary>a / b; 0 when b is 0.</summary>
    public static uint Div(uint a, uint b) => b == 0 ? 0 : a / b;

    /// <summary>a % b; 0 when b is 0.</summary>
    public static uint Rem(uint a, uint b) => b == 0 ? 0 : a % b;

    /// <summary>a / b; 0 when b is 0.</summary>
    public static ulong Div(ulong a, ulong b) => b == 0 ? 0 : a / b;

    /// <summary>a % b; 0 when b is 0.</summary>
    public static ulong Rem(ulong a, ulong b) => b == 0 ? 0 : a % b;
}
