// What a dashboard on a bench knows.
using System.Text;
using System.Text.Json;
using DePinEdge.Mqtt;
using DePinEdge.Tests.Gateway.Core;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>A reader of everything; every payload it gets is checked against asyncapi.yaml.</summary>
internal sealed class Dashboard
{
    private readonly BenchClient client;
    private readonly AsyncApi api = new();
    private readonly Dictionary<string, byte[]> last = new(StringComparer.Ordinal);
    private int taken;

    public Dashboard(CoreBench bench, string clientId = "dash")
    {
        client = BenchClient.Connect(bench, clientId, null, null);
        client.Subscribe("#");
        bench.Turn();
        bench.Turn();
    }

    /// <summary>Every message so far in order.</summary>
    public IReadOnlyList<(string Topic, byte[] Payload)> All => client.Received;

    public IReadOnlyList<(QoS QoS, bool Retain)> Flags => client.Flags;

    /// <summary>The last payload of each topic; a cleared topic has none.</summary>
    public IReadOnlyDictionary<string, byte[]> Last
    {
        get
        {
            for (; taken < client.Received.Count; taken++)
            {
                var (topic, payload) = client.Received[taken];
                if (payload.Length == 0)
                {
                    Assert.True(api.Of(topic).Retain);
                    last.Remove(topic);
                    continue;
                }
                api.Check(topic, payload);
                last[topic] = payload;
            }
            return last;
        }
    }

    /// <summary>The topic's last payload as text; empty when there is none.</summary>
    public string Text(string topic) => Last.TryGetValue("depin/v1/home/" + topic, out var payload) ? Encoding.UTF8.GetString(payload) : "";

    /// <summary>The topic's last payload as JSON.</summary>
    public JsonElement Json(string topic) => JsonDocument.Parse(Last["depin/v1/home/" + topic]).RootElement;

    /// <summary>The state of a device, with its status.</summary>
    public string StateOf(string device) => $"{Json($"device/{device}/state").GetProperty("state").GetString()} {Text($"device/{device}/status")}";

    /// <summary>Events of a type in order.</summary>
    public List<JsonElement> Events(string type) =>
        [.. client.Received.Where(message => message.Topic == "depin/v1/home/event/" + type).Select(message => JsonDocument.Parse(message.Payload).RootElement)];
}
