namespace DePinEdge.Gateway.Flow;

// What people ask of the core. Each is checked by the stage that owns the tables; refusals come back as a Problem.

/// <summary>Make a join code. Empty name: taken from the board's own name; empty owner: earns before it is claimed.</summary>
/// <param name="LifetimeMs">0: the configured default; at most 30 days.</param>
public sealed record InviteAsked(string Name, string Owner, long LifetimeMs);

/// <summary>
/// A program that the shell has decoded, validated and lowered; the core checks what concerns it and keeps both byte strings.
/// </summary>
public sealed record ProgramOffered(
    ProgramHash Hash, string Name, string Version, byte[] Wasm, byte[] Image, int MemoryBytes, long FuelMax, long CapabilityBits,
    OutputKind Output, Reduction Reduce);

/// <summary>Submit a job. Either a range [RangeFrom, RangeTo) or a list of inputs.</summary>
/// <param name="IdempotencyKey">Empty: none.</param>
/// <param name="FuelLimit">0: the program's own bound.</param>
/// <param name="PriceMicro">Micro-credits per million fuel, at least 0.</param>
/// <param name="MaxCreditsMicro">0: whatever the job can cost at most.</param>
public sealed record JobAsked(
    string Requester, string IdempotencyKey, string Title, ProgramHash Program, bool IsRange, long RangeFrom, long RangeTo, byte[][] Inputs,
    byte[] Tail, long FuelLimit, long PriceMicro, long MaxCreditsMicro);
