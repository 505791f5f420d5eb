// Batches from arrival to kept answer. Knows nothing of the link.
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Owns the queue, the programs, the running batch and the answers. A batch is run at most once: while its lease lasts, a
/// redelivery is answered from memory. A batch that cannot be run is answered ABANDONED at once, so that the gateway can give it to another
/// board; one whose lease passed is dropped, because nobody waits for it any more.</summary>
public sealed class WorkDesk
{
    private const int AnswersMax = 32;

    /// <summary>Batches answered after a run.</summary>
    public int BatchesDone;
    /// <summary>Batches answered from memory because they came again.</summary>
    public int BatchesRepeated;
    /// <summary>Batches dropped because their lease had passed.</summary>
    public int BatchesExpired;
    /// <summary>Batches answered ABANDONED without a run.</summary>
    public int BatchesAbandoned;
    /// <summary>Abandoned batches for whose answer there was no room: the gateway learns by the lease's end.</summary>
    public int AnswersLost;
    /// <summary>The window changed without an answer that would say so.</summary>
    public bool WindowChanged;
    /// <summary>The longest frame that the gateway takes.</summary>
    public int FrameBytesMax = FrameLimits.FrameBytesMax;
    /// <summary>The programs held and fetched.</summary>
    public readonly ProgramCache Programs;
    /// <summary>The running batch and the counts of tasks.</summary>
    public readonly TaskRunner Runner = new TaskRunner();

    private readonly BatchQueue queue;
    private readonly RecordRing answers;
    private readonly Report abandoned = new Report();
    private readonly byte[] scratch;
    private bool answerStuck;

    /// <summary>The scratch buffer holds at least a frame and may be shared with others on this thread.</summary>
    public WorkDesk(AgentOptions options, byte[] scratch)
    {
        this.scratch = scratch;
        queue = new BatchQueue(options.Window);
        answers = new RecordRing(options.ResultRingBytes, AnswersMax);
        Programs = new ProgramCache(options.ProgramSlots, options.ImageBytesMax, options.MemoryBytesMax, options.FetchRetryMs);
    }

    /// <summary>Batches that wait or run.</summary>
    public int Queued => queue.Count;
    /// <summary>Batches that would find a place now.</summary>
    public int Window => queue.Capacity - queue.Count;
    /// <summary>True while an answer waits to be sent.</summary>
    public bool HasAnswer => answers.FindMark(RecordRing.Waiting) >= 0;
    /// <summary>True when Work would get on with something.</summary>
    public bool HasWork => Runner.Busy ? !answerStuck : FindReady() != null;

    /// <summary>Takes a batch that was read from body[offset .. offset + count).</summary>
    public void Take(Batch batch, byte[] body, int offset, int count, long nowMs)
    {
        Tidy(nowMs);
        long leaseEndMs = nowMs + batch.LeaseMs;
        int answered = answers.Find(batch.BatchId);
        if (answered >= 0 && nowMs < answers.ExtraAt(answered))
        {
            if (answers.MarkAt(answered) == RecordRing.Settled)
                answers.SetMark(answered, RecordRing.Waiting);
            BatchesRepeated++;
            return;
        }
        BatchSlot held = queue.Find(batch.BatchId);
        if (held != null)
            held.LeaseEndMs = leaseEndMs;
        else if (!queue.Add(body, offset, count, leaseEndMs))
            Abandon(batch, leaseEndMs);
        Tidy(nowMs);
    }

    /// <summary>Drops what has expired, abandons what cannot be run, begins to fetch what is missing.</summary>
    public void Tidy(long nowMs)
    {
        for (BatchSlot slot = queue.NextAfter(-1); slot != null; slot = queue.NextAfter(slot.Order))
        {
            bool running = slot == Runner.Slot;
            if (nowMs < slot.LeaseEndMs || running && Runner.Finished)
                continue;
            if (running)
                Runner.Release();
            slot.Taken = false;
            BatchesExpired++;
            WindowChanged = true;
        }
        Programs.Expire(nowMs);
        for (BatchSlot slot = queue.NextAfter(-1); slot != null; slot = queue.NextAfter(slot.Order))
        {
            ProgramSlot program = Programs.Find(slot.Batch.ProgramHash);
            if (program == null)
                Programs.Fetch(slot.Batch.ProgramHash, queue);
            else if (program.State == ProgramSlot.Bad)
            {
                slot.Taken = false;
                Abandon(slot.Batch, slot.LeaseEndMs);
                if (!queue.Needs(slot.Batch.ProgramHash))
                    program.Free();
            }
        }
        Programs.DropUnneededFetch(queue);
    }

    /// <summary>Runs the current task for at most about fuelSlice; returns the fuel spent.</summary>
    public long Work(int fuelSlice, long nowMs)
    {
        Tidy(nowMs);
        if (!Runner.Busy)
        {
            BatchSlot ready = FindReady();
            if (ready == null)
                return 0;
            Runner.Start(ready, Programs.Find(ready.Batch.ProgramHash).Image, FrameBytesMax);
        }
        long spent = Runner.Work(fuelSlice);
        if (Runner.Finished)
            KeepAnswer();
        return spent;
    }

    /// <summary>Copies the oldest answer that waits, as the first part of a report's body, and marks it as on its way. Returns its length, 0 when none
    /// waits; batchId is the batch that it answers.</summary>
    public int TakeAnswer(byte[] buffer, int offset, ref long batchId)
    {
        int slot = answers.FindMark(RecordRing.Waiting);
        if (slot < 0)
            return 0;
        answers.SetMark(slot, RecordRing.InFlight);
        batchId = answers.KeyAt(slot);
        return answers.CopyTo(slot, buffer, offset);
    }

    /// <summary>The answer to this batch arrived at the gateway.</summary>
    public void AnswerArrived(long batchId)
    {
        int slot = answers.Find(batchId);
        if (slot >= 0 && answers.MarkAt(slot) == RecordRing.InFlight)
            answers.SetMark(slot, RecordRing.Settled);
        answerStuck = false;
    }

    /// <summary>The connection was lost: answers on their way wait again.</summary>
    public void ConnectionLost()
    {
        answers.Remark(RecordRing.InFlight, RecordRing.Waiting);
        Programs.ForgetRequest();
    }

    private BatchSlot FindReady()
    {
        for (BatchSlot slot = queue.NextAfter(-1); slot != null; slot = queue.NextAfter(slot.Order))
        {
            ProgramSlot program = Programs.Find(slot.Batch.ProgramHash);
            if (program != null && program.State == ProgramSlot.Ready)
                return slot;
        }
        return null;
    }

    // When there is no room because the answers before it are not acknowledged, it stays with the runner, which takes no other batch meanwhile.
    private void KeepAnswer()
    {
        BatchSlot slot = Runner.Slot;
        int count = Runner.Collect(scratch, 0);
        answerStuck = !answers.Add(slot.Batch.BatchId, 0, slot.LeaseEndMs, RecordRing.Waiting, scratch, 0, count);
        if (answerStuck)
            return;
        BatchesDone++;
        Runner.Release();
    }

    private void Abandon(Batch batch, long leaseEndMs)
    {
        BatchesAbandoned++;
        abandoned.BatchId = batch.BatchId;
        abandoned.Count = batch.Count;
        for (int i = 0; i < batch.Count; i++)
        {
            abandoned.TaskId[i] = batch.TaskId[i];
            abandoned.Trap[i] = TrapCode.Abandoned;
        }
        int count = abandoned.EncodeResults(scratch, 0);
        if (!answers.Add(batch.BatchId, 0, leaseEndMs, RecordRing.Waiting, scratch, 0, count))
            AnswersLost++;
    }
}
