namespace DePinEdge.Gateway.Host.Api;

/// <summary>POST devices:invite. All may be left out.</summary>
/// <param name="Name">The device id to give; empty takes the board's own name.</param>
/// <param name="Owner">Whose credits they are; empty: claimed later.</param>
/// <param name="LifetimeMs">0: 15 minutes.</param>
public sealed record InviteRequest(string Name = "", string Owner = "", long LifetimeMs = 0);

/// <summary>POST jobs and jobs:estimate. Exactly one of <paramref name="Range"/> and <paramref name="Inputs"/>.</summary>
/// <param name="Program">Hash, a prefix of it (6 digits or more), or name.</param>
/// <param name="Inputs">One input for each task, hexadecimal.</param>
/// <param name="Params">The program's job parameters by name.</param>
/// <param name="FuelLimit">0: the program's own bound.</param>
/// <param name="PriceMicro">Micro-credits per million fuel.</param>
/// <param name="MaxCreditsMicro">0: whatever the job can cost at most.</param>
public sealed record JobRequest(
    string? Program = null, string Requester = "local", string Title = "", RangeRequest? Range = null, IReadOnlyList<string>? Inputs = null,
    IReadOnlyDictionary<string, ulong>? Params = null, long FuelLimit = 0, long PriceMicro = 1_000, long MaxCreditsMicro = 0);

/// <summary>Task indices from <paramref name="From"/> up to but not including <paramref name="To"/>.</summary>
public sealed record RangeRequest(long From, long To);

/// <summary>POST accounts/{requester}:issue.</summary>
public sealed record IssueRequest(long AmountMicro);
