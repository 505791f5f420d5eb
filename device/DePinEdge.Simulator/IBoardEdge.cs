// Where a simulated board may be made bad: at its edges. The agent inside stays the real one.
namespace DePinEdge.Simulator;

/// <summary>
/// Stands between a board's agent and its link, and holds its power switch. Called from the board's loop only, in the order in which
/// things happen. A board without one is honest and well.
/// </summary>
public interface IBoardEdge
{
    /// <summary>Longest time between two reports of this board, ms; 0 leaves it to the fleet.</summary>
    int ReportIntervalMs { get; }

    /// <summary>The gateway accepted a connection made with these credentials.</summary>
    void Opened(string clientId, string password);

    /// <summary>A payload arrived; the agent sees it next.</summary>
    void Received(byte[] payload, long nowMs);

    /// <summary>The agent wants to send frame[0 .. count). It may be rewritten in place, up to the buffer's length; returns its length then.</summary>
    int Sending(byte[] frame, int count, long nowMs);

    /// <summary>What became of the frame that was sent last: acknowledged, or not.</summary>
    void Sent(bool acknowledged);

    /// <summary>Asked before each step of work: for how many ms the power goes away now; 0 leaves it on.</summary>
    /// <param name="doneInBatch">Tasks of the present batch that have ended.</param>
    int PowerFails(int doneInBatch);
}
