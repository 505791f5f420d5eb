// Orders from the gateway, each obeyed once.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Remembers the answers to the last few orders until they expire, so that an order delivered twice is answered twice and
/// obeyed once. The oldest answer goes when there are more than <see cref="Remembered"/>.</summary>
public sealed class CommandDesk
{
    /// <summary>Answers kept.</summary>
    public const int Remembered = 4;

    private readonly long[] ids = new long[Remembered];
    private readonly long[] untils = new long[Remembered];
    private readonly int[] statuses = new int[Remembered];
    private readonly int[] actions = new int[Remembered];
    private readonly bool[] known = new bool[Remembered];
    private readonly bool[] due = new bool[Remembered];
    private int next;

    /// <summary>True, with the old answer due again, when this order was answered before and has not expired.</summary>
    public bool Repeat(long id, long nowMs)
    {
        for (int i = 0; i < Remembered; i++)
        {
            if (known[i] && ids[i] == id && nowMs < untils[i])
            {
                due[i] = true;
                return true;
            }
        }
        return false;
    }

    /// <summary>Keeps an answer and makes it due. The action (the owner's meaning, 0 for none) is handed back once when the answer has arrived.</summary>
    public void Answer(long id, int status, int action, long untilMs)
    {
        ids[next] = id;
        untils[next] = untilMs;
        statuses[next] = status;
        actions[next] = action;
        known[next] = true;
        due[next] = true;
        next = next + 1 == Remembered ? 0 : next + 1;
    }

    /// <summary>True while an answer waits to be sent.</summary>
    public bool HasDue => FirstDue() >= 0;

    /// <summary>Fills the answer that is due; false when none is.</summary>
    public bool Next(CommandReply into)
    {
        int i = FirstDue();
        if (i < 0)
            return false;
        due[i] = false;
        into.Id = ids[i];
        into.Status = statuses[i];
        into.PayloadCount = 0;
        return true;
    }

    /// <summary>The answer to this order arrived: returns its action, the first time only.</summary>
    public int Arrived(long id)
    {
        for (int i = 0; i < Remembered; i++)
        {
            if (known[i] && ids[i] == id)
            {
                int action = actions[i];
                actions[i] = 0;
                return action;
            }
        }
        return 0;
    }

    /// <summary>The connection was lost: answers whose action still waits go out again.</summary>
    public void Requeue()
    {
        for (int i = 0; i < Remembered; i++)
        {
            if (known[i] && actions[i] != 0)
                due[i] = true;
        }
    }

    private int FirstDue()
    {
        for (int i = 0; i < Remembered; i++)
        {
            if (due[i])
                return i;
        }
        return -1;
    }
}
