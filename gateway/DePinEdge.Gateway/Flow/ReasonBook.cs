namespace DePinEdge.Gateway.Flow;

/// <summary>
/// What every <see cref="ReasonCode"/> means to the people it happens to. The one source: `depin explain` prints it and REASONS.md is
/// written from it.
/// </summary>
public static class ReasonBook
{
    private const string Receipts = "`depin device show ID --receipts` has a line for each task: batch, job, task, reason, fuel.";
    private const string Verdict = "The ledger keeps the verdict with the fuel the board claimed; see it with `depin ledger export`. " + Receipts;
    private const string Refusals = "The gateway's log and the topic `event/{type}` carry the detail; `depin device show ID` shows the last one.";
    private const string WrongCost = "The task is not paid. It is a strike: three strikes throttle the board (THROTTLED), fifty right results in a row take one away.";
    private const string NothingLost = "Nothing: no credits and no standing. Work that was accepted stays accepted.";
    private const string NoJoinLost = "Nothing: a board that has not joined has nothing to lose.";
    private const string NewCode = "The operator makes a new code with `depin device invite`, and the board is given that one.";

    /// <summary>Every code in the order of its number.</summary>
    public static IReadOnlyList<ReasonEntry> All { get; } =
    [
        new(ReasonCode.Paid,
            "The gateway ran the task itself and got the same output, the same fuel and the same status. The reward was posted.",
            "Reward = fuel x price per million fuel, rounded down to a whole micro-credit. " + Receipts,
            "Nobody needs to. The credits are held until the epoch is sealed (ten minutes by default), then they are available.",
            "Nothing. It counts for the board: fifty right results in a row take a strike away."),

        new(ReasonCode.WrongOutput,
            "The output bytes differ from those of the gateway's own run of the same program on the same input.",
            Verdict,
            "The board's owner: a board that computes wrongly has a broken interpreter, bad memory, or firmware that does not run the program at all. "
            + "Run the task yourself with `depin program run FILE --index N` and compare.",
            WrongCost, CostsCredits: true, CostsStanding: true),
        new(ReasonCode.WrongFuel,
            "Output and status are right, but the board claims another amount of fuel than the gateway's own run used.",
            Verdict,
            "The board's owner: fuel is counted by a rule and is the same everywhere, so another number means another interpreter or a claim that was made up. Update the firmware.",
            WrongCost, CostsCredits: true, CostsStanding: true),
        new(ReasonCode.WrongStatus,
            "The status that the program returned, or the trap that ended it, differs from the gateway's own run.",
            Verdict,
            "The board's owner: most often an interpreter that traps where the rules do not, or the other way round. Update the firmware.",
            WrongCost, CostsCredits: true, CostsStanding: true),

        new(ReasonCode.BadMac,
            "A frame or a password does not fit the key that it should have been made with, or a frame is not the next one of its session. When a board reports it, the frame came from the gateway's side.",
            Refusals + " `frames_bad` and `logins_refused` in the API's status count them.",
            "The board's owner: single frames come from a bad link and heal by themselves; a password that never fits means that the board has another key. "
            + "Invite it again under its name: `depin device invite --name ID`.",
            "The frame or the log-in only. Sixteen frames that do not fit end the session, and the board logs in anew."),
        new(ReasonCode.Replayed,
            "A log-in number came again or is not greater than the last one. Somebody recorded the log-in and played it back, or the board's counter was set back with its flash.",
            Refusals + " The detail names both numbers.",
            "Nobody, when it was recorded: the board itself is not touched. A board whose flash was restored is invited again under its name.",
            "The log-in only; the board's own session stays open."),
        new(ReasonCode.Forked,
            "Two different frames carry one sequence number of one session. An honest board never writes that.",
            Refusals,
            "The board's owner: either two programs use one session's key, or the board lost its memory without starting a session anew.",
            "The session ends, and the board logs in anew. Results that were on their way are sent again."),
        new(ReasonCode.Cloned,
            "Two boards use one key: within ten minutes three log-ins came that a single board cannot make. The device is held, whichever of the two is the right one.",
            "`depin device show ID` shows `held: CLONED`; " + "the log names the log-in numbers.",
            "The operator: `depin device invite --name ID` makes a new key. Only the board that gets the code comes back; the other one stays outside.",
            "No work until it is invited again. What was earned stays. Its open tasks go to other boards.", CostsStanding: true),
        new(ReasonCode.NoCredentials,
            "A client of another machine wanted to connect without user name and password. Reading without them is possible on the gateway's own machine only.",
            Refusals + " The detail names the address.",
            "Whoever runs the client: run the dashboard on the gateway's machine, or bring the port there (for example with an SSH tunnel).",
            NothingLost),

        new(ReasonCode.Late,
            "The report came after its lease had ended. The tasks had been given to others by then, so nobody looked at the result.",
            "A lease is five times the time expected at the board's own rate, at least ten seconds. " + Refusals + " `late_results` in the API's status counts them.",
            "The board's owner: a link with fewer gaps, or a board that does not sleep with a batch in hand. The operator can raise `LeaseFactor` and `LeaseFloorMs`.",
            "The work is not paid. No strike; the unit's share on time has fallen already, with LEASE_EXPIRED.", CostsCredits: true),
        new(ReasonCode.Duplicate,
            "The batch was answered before. A board that does not know whether its report arrived sends it again, byte for byte, and that is right.",
            Refusals + " `duplicate_reports` in the API's status counts them.",
            "Nobody needs to. Many of them point to a bad link.",
            "Nothing: the first report counts, and it is paid once."),
        new(ReasonCode.LeaseExpired,
            "A batch was not answered within its lease. Its tasks are ready again and go to other boards first.",
            "The detail names the batch and the lease in ms; the unit's `on_time` is the share of leases that were kept. " + Refusals,
            "The board's owner: see whether the board is still there, and how good its link is. The operator can raise `LeaseFactor` and `LeaseFloorMs`.",
            "Nothing was done, so nothing is paid. No strike; the unit's share on time falls.", CostsStanding: true),
        new(ReasonCode.Abandoned,
            "The board said that it could not run the task: no room for the program, or it had to stop. That is honest and no fault.",
            Receipts + " `tasks_err` in telemetry/system counts them on the board.",
            "Whoever wrote the program: less memory, a smaller image. The board's owner: more free heap.",
            "The task is not paid, for it was not done. No strike. The board is not asked for this job again for a minute."),
        new(ReasonCode.Cancelled,
            "The requester cancelled the job while the batch was out.",
            "`depin job show ID` shows the job; " + Refusals,
            "Nobody: what was reported before the cancellation is judged and paid, what comes later is not.",
            "Work that was not reported yet is not paid. No strike.", CostsCredits: true),
        new(ReasonCode.NotAsked,
            "A report names a batch that this board was never given.",
            Refusals,
            "The board's owner: an honest board cannot do that. Somebody else's batch number was used, or the firmware is damaged.",
            "Nothing of the report is used. No strike: without a verdict there is nothing to count."),

        new(ReasonCode.OutOfBudget,
            "What is left of the job's escrow does not cover the largest possible cost of another batch. The job waits until a running batch ends and gives back what it did not need.",
            "`depin job show ID` shows what is left in escrow and why it waits.",
            "The requester: nothing can be added to a job; cancel it, which pays what was done, and submit the rest with a greater `--max-credits`.",
            NothingLost),
        new(ReasonCode.Throttled,
            "The board returned wrong results and has three strikes or more. It gets one task at a time, on trial, and after a wrong one it waits: one second, then twice as long each time, up to 64 seconds.",
            "`depin device show ID` shows the strikes and the state; the topic `device/{id}/state` says `throttled`.",
            "The board's owner: make it compute rightly; then time is not what helps but work: fifty right results in a row take one strike away.",
            "Right results are paid as ever, but there are few of them.", CostsStanding: true),

        new(ReasonCode.UnknownCode,
            "No join code with these first six characters is known on this site. It was mistyped, belongs to another gateway, or was replaced or forgotten long ago.",
            Refusals,
            "Whoever types it: compare it with what `depin device invite` printed, and the site. " + NewCode,
            NoJoinLost),
        new(ReasonCode.UsedCode,
            "The join code was used by another board. A code makes one board and no more.",
            Refusals + " The detail names the device that used it.",
            NewCode + " If the device that used it is not yours, somebody else had the code: look at it with `depin device show ID`.",
            NoJoinLost),
        new(ReasonCode.ExpiredCode,
            "The join code's time is over: 15 minutes unless more was asked for.",
            "`depin device invite` prints until when a code is good.",
            NewCode + " `--minutes` makes it last longer.",
            NoJoinLost),
        new(ReasonCode.BurnedCode,
            "Five wrong proofs burned the join code: somebody guessed, or the code was mistyped five times.",
            Refusals,
            NewCode,
            NoJoinLost),
        new(ReasonCode.WrongCode,
            "The code is known, but the proof does not fit its secret part: the last 26 characters were mistyped, or somebody guesses.",
            Refusals + " The detail counts: wrong proof 1 of 5.",
            "Whoever types it: enter the code again. The fifth wrong proof burns it.",
            NoJoinLost),
        new(ReasonCode.NoOffer,
            "A message of the join came out of order or cannot be read: the gateway restarted in between, or a name was taken meanwhile.",
            Refusals,
            "Nobody needs to: the board starts again with its first message by itself.",
            NoJoinLost),
        new(ReasonCode.LimitReached,
            "A limit of the gateway is reached: join messages from one address within a minute, or the number of devices.",
            "The detail names the limit; the options in gateway/README.md have their numbers (`JoinAttemptsPerAddress`, `DevicesMax`).",
            "The operator, by another limit; for a limit on messages waiting a minute is enough.",
            NoJoinLost),
    ];

    private static readonly Dictionary<ReasonCode, ReasonEntry> Entries = All.ToDictionary(entry => entry.Code);

    /// <summary>The entry of a code; an <see cref="InvariantException"/> for one that nobody explained.</summary>
    public static ReasonEntry Of(ReasonCode code) =>
        Entries.TryGetValue(code, out var entry) ? entry : throw new InvariantException($"the reason {ReasonNames.Of(code)} is not explained");
}
