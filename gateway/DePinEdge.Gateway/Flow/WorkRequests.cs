namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Long work that the core asks of its shell. The shell does it on its own threads (the simulator in line) and hands the answer
/// back as an input with the request's number. The core never waits.
/// </summary>
public abstract record WorkRequest(long Number);

/// <summary>Run these tasks on the gateway's own engine. Inputs are whole (tail included).</summary>
/// <param name="Program">The program's hash; the shell keeps the loaded program.</param>
/// <param name="Inputs">One input for each task of the report, in its order.</param>
/// <param name="FuelLimit">Bound on each task.</param>
public sealed record RecomputeAsked(long Number, ProgramHash Program, byte[][] Inputs, long FuelLimit) : WorkRequest(Number);

/// <summary>Sign this 32-byte head with the site's key.</summary>
public sealed record SignAsked(long Number, long Epoch, byte[] Head) : WorkRequest(Number);

/// <summary>One recomputed task.</summary>
public readonly record struct RecomputedTask(int Status, byte Trap, long Fuel, byte[] Output);

/// <summary>The answer to <see cref="RecomputeAsked"/>.</summary>
public sealed record Recomputed(long Number, RecomputedTask[] Tasks);

/// <summary>The answer to <see cref="SignAsked"/>.</summary>
public sealed record Signed(long Number, byte[] PublicKey, byte[] Signature);
