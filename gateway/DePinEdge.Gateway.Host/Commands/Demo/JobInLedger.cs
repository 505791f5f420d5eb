// One job as the stored ledger tells it.
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// What the durable records say about one job, added up from the stored turns and nothing else: an account independent of the
/// gateway's tables, to hold against them.
/// </summary>
internal sealed class JobInLedger
{
    private readonly JobId job;
    private readonly Dictionary<long, int> paidTimes = [];

    private JobInLedger(JobId job) => this.job = job;

    /// <summary>Tasks that were paid.</summary>
    public long TasksPaid => paidTimes.Count;

    /// <summary>Tasks that were paid more than once: none, or the ledger is wrong.</summary>
    public long TasksPaidTwice => paidTimes.Values.Count(times => times > 1);

    /// <summary>Verdicts on results that differ from the gateway's own run.</summary>
    public long False { get; private set; }

    /// <summary>Credits posted to devices, micro-credits.</summary>
    public long PostedMicro { get; private set; }

    /// <summary>Credits the requester paid: what went into escrow less what came back, micro-credits.</summary>
    public long ChargedMicro { get; private set; }

    /// <summary>True when the job's end is recorded.</summary>
    public bool Ended { get; private set; }

    /// <summary>Reads every record of every turn.</summary>
    public static JobInLedger Read(IEnumerable<Turn> turns, JobId job) => Read(turns, [job])[job];

    /// <summary>The same for several jobs in one pass.</summary>
    public static IReadOnlyDictionary<JobId, JobInLedger> Read(IEnumerable<Turn> turns, IEnumerable<JobId> jobs)
    {
        var found = jobs.ToDictionary(id => id, id => new JobInLedger(id));
        foreach (var turn in turns)
            RecordCodec.ForEach(turn.Body, bytes =>
            {
                var record = RecordCodec.Read(bytes);
                foreach (var one in found.Values)
                    one.Add(record);
            });
        return found;
    }

    private void Add(DurableRecord record)
    {
        switch (record)
        {
            case BatchJudged judged when judged.Job == job:
                foreach (var line in judged.Lines)
                {
                    if (line.Reason == ReasonCode.Paid)
                        paidTimes[line.Task] = paidTimes.GetValueOrDefault(line.Task) + 1;
                    else if (line.Reason is ReasonCode.WrongOutput or ReasonCode.WrongFuel or ReasonCode.WrongStatus)
                        False++;
                }

                break;
            case Transferred { Kind: TransferKind.Post } post when post.Debit == AccountIds.Reserve(job):
                PostedMicro = checked(PostedMicro + post.AmountMicro);
                break;
            case Transferred { Kind: TransferKind.Escrow } escrow when escrow.Reference == job.Number:
                ChargedMicro = checked(ChargedMicro + escrow.AmountMicro);
                break;
            case Transferred { Kind: TransferKind.Refund } refund when refund.Reference == job.Number:
                ChargedMicro = checked(ChargedMicro - refund.AmountMicro);
                break;
            case JobEnded ended when ended.Job == job:
                Ended = true;
                break;
        }
    }
}
