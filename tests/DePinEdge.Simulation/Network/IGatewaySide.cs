namespace DePinEdge.Simulation.Network;

/// <summary>What a connection tells the gateway's machine.</summary>
public interface IGatewaySide
{
    /// <summary>A connection arrives.</summary>
    void Open(Link link);

    /// <summary>Bytes of an open one.</summary>
    void Received(Link link, byte[] bytes);

    /// <summary>The end of one, known or not.</summary>
    void Lost(Link link, string why);
}
