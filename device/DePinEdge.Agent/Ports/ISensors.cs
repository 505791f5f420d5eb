// What a board measures.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Ports;

/// <summary>The board's sensors and its health figures.</summary>
public interface ISensors
{
    /// <summary>Sets the fields that are known now (value and bit in Telemetry.Present). Called just before a report with telemetry is
    /// built, on the agent's own thread; <paramref name="into"/> comes cleared. The agent itself adds queue and task counts.</summary>
    void Read(Telemetry into, long nowMs);
}
