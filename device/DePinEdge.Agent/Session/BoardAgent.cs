// The board's side of the protocol.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>skeleton</summary>
public sealed class BoardAgent
{
    public int State;
    public string ClientId = "";
    public string UserName = "";
    public string Password = "";
    public string SubscribeTopic = "";
    public string PublishTopic = "";
    public string Site = "";
    public string DeviceId = "";
    public string JoinRefusedReason = "";
    public bool ReconnectWanted;
    public bool RebootWanted;
    public bool IdentifyWanted;
    public long ReconnectAtMs;
    public int FramesIgnored;
    public int LastIgnoredStatus;
    public int BatchesDone;
    public int TasksDone;

    public BoardAgent(AgentOptions o, IHmac hmac, IKeyStore keys, IEntropy entropy, ISensors sensors)
    {
    }

    public void UseJoinCode(string code) { }
    public bool PrepareConnect() => false;
    public void Connected(long nowMs) { }
    public void Disconnected(long nowMs) { }
    public void ConnectRefused(int reasonCode, long nowMs) { }
    public void MessageReceived(byte[] payload, int offset, int count, long nowMs) { }
    public int NextToSend(byte[] buffer, long nowMs) => 0;
    public void Sent(bool acknowledged, long nowMs) { }
    public bool HasWork => false;
    public long Work(int fuelSlice, long nowMs) => 0;
    public long NextWakeMs => 0;
    public void Leave(int reason, long nextWakeMs) { }
}
