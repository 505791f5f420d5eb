// Adds up what one board does, over all its boots.
using DePinEdge.Agent.Session;

namespace DePinEdge.Simulator;

/// <summary>An agent's counters start again at every boot; these do not. For one thread; <see cref="Show"/> makes the copy for others.</summary>
internal sealed class BoardTally
{
    private long agentTasks, agentBatches, agentIgnored;
    private long tasks, batches, ignored, refused;
    private string lastRefusal = "";

    /// <summary>Fuel used.</summary>
    public long Fuel { get; set; }

    /// <summary>Connections that the gateway accepted.</summary>
    public long Connects { get; set; }

    /// <summary>Connections that ended without the board wanting it.</summary>
    public long Lost { get; set; }

    /// <summary>Attempts that met nobody.</summary>
    public long Unreached { get; set; }

    /// <summary>The gateway refused a connection or a join, for that reason.</summary>
    public void Refuse(string reason)
    {
        refused++;
        lastRefusal = reason;
    }

    /// <summary>Takes over what the agent counted since the last call; returns how many tasks that were.</summary>
    public long Count(BoardAgent agent)
    {
        var newTasks = agent.TasksDone + agent.TasksFailed - agentTasks;
        tasks += newTasks;
        batches += agent.BatchesDone - agentBatches;
        ignored += agent.FramesIgnored - agentIgnored;
        agentTasks += newTasks;
        agentBatches = agent.BatchesDone;
        agentIgnored = agent.FramesIgnored;
        return newTasks;
    }

    /// <summary>The agent is about to give way to a fresh one; null: there was none.</summary>
    public void Booted(BoardAgent? before)
    {
        if (before is not null)
            Count(before);
        agentTasks = agentBatches = agentIgnored = 0;
    }

    /// <summary>The figures as others see them.</summary>
    /// <param name="agent">The present agent.</param>
    /// <param name="running">False when the board's loop has ended.</param>
    public BoardCounters Show(BoardAgent agent, bool running) => new(
        agent.DeviceId, agent.State == AgentState.Ready && running, agent.DeviceId.Length > 0, tasks, batches, Fuel, Connects, Lost, Unreached, refused,
        ignored, lastRefusal);
}
