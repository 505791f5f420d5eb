using System.Globalization;
using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Interop;

/// <summary>Our client, the one boards in the simulator use, against Debian's broker. Versions: 4 is 3.1.1, 5 is 5.0.</summary>
public sealed class OurClientTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Messages_of_both_qualities_come_back(int version)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = await ConnectAsync(broker, version, "both");
        Assert.Equal(ReasonCode.GrantedQoS1, await client.SubscribeAsync("q/+", QoS.AtLeastOnce, Tool.Cancel));
        Assert.Equal(ReasonCode.Success, await client.SubscribeAsync("low/#", QoS.AtMostOnce, Tool.Cancel));

        Assert.Equal(ReasonCode.Success, await client.PublishAsync("q/zero", Bytes("0"), QoS.AtMostOnce, false, Tool.Cancel));
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("q/one", Bytes("1"), QoS.AtLeastOnce, false, Tool.Cancel));
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("low/one", Bytes("2"), QoS.AtLeastOnce, false, Tool.Cancel));
        Assert.Equal([("q/zero", "0", QoS.AtMostOnce), ("q/one", "1", QoS.AtLeastOnce), ("low/one", "2", QoS.AtMostOnce)], await TakeAsync(client, 3));

        // Version 5 says that nobody listens; 3.1.1 has no word for it.
        var unheard = await client.PublishAsync("nobody", Bytes("3"), QoS.AtLeastOnce, false, Tool.Cancel);
        Assert.Equal(version == 5 ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success, unheard);
        Assert.Equal(ReasonCode.Success, await client.UnsubscribeAsync("q/+", Tool.Cancel));
        await client.PublishAsync("q/one", Bytes("4"), QoS.AtLeastOnce, false, Tool.Cancel);
        await client.PublishAsync("low/end", Bytes("5"), QoS.AtLeastOnce, false, Tool.Cancel);
        Assert.Equal([("low/end", "5", QoS.AtMostOnce)], await TakeAsync(client, 1));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_retained_message_reaches_a_late_subscriber_marked_as_such(int version)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var writer = await ConnectAsync(broker, version, "writer");
        await writer.PublishAsync("kept", Bytes("old"), QoS.AtLeastOnce, true, Tool.Cancel);
        await using var late = await ConnectAsync(broker, version, "late");
        await late.SubscribeAsync("#", QoS.AtLeastOnce, Tool.Cancel);
        var kept = await late.Messages.ReadAsync(Tool.Cancel);
        Assert.Equal(("kept", "old", true, false), (kept.Topic, Encoding.UTF8.GetString(kept.Payload), kept.Retain, kept.Duplicate));
        await writer.PublishAsync("kept", Bytes("new"), QoS.AtLeastOnce, true, Tool.Cancel);
        Assert.False((await late.Messages.ReadAsync(Tool.Cancel)).Retain);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(4, QoS.AtMostOnce)]
    [InlineData(4, QoS.AtLeastOnce)]
    [InlineData(5, QoS.AtMostOnce)]
    [InlineData(5, QoS.AtLeastOnce)]
    public async Task A_thousand_messages_come_back_once_each_in_order(int version, QoS qos)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = await ConnectAsync(broker, version, "many");
        await client.SubscribeAsync("many", qos, Tool.Cancel);
        var sent = Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var publishing = Task.WhenAll(sent.Select(text => client.PublishAsync("many", Bytes(text), qos, false, Tool.Cancel)));
        Assert.Equal(sent, (await TakeAsync(client, sent.Length)).Select(message => message.Payload));
        await publishing;
    }

    [Theory(Timeout = 60_000)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Pings_keep_a_silent_client_connected(int version)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var client = new MqttClient();
        await client.ConnectAsync(Options(broker, version, "silent") with { KeepAliveSeconds = 1 }, Tool.Cancel);
        // Every half a keep-alive: after five, two and a half have passed, and Debian's broker closes after one and a half.
        for (var i = 0; i < 5; i++)
            await broker.LogAsync("Received PINGREQ from silent");
        Assert.False(client.Closed.IsCompleted);
        Assert.Equal(ReasonCode.Success, await client.SubscribeAsync("still/here", QoS.AtMostOnce, Tool.Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_take_over_and_a_kept_session_look_to_our_client_as_the_standard_says()
    {
        await using var broker = await Mosquitto.StartAsync();
        var options = Options(broker, 5, "same") with { SessionExpirySeconds = 60, CleanStart = false };
        await using var first = new MqttClient();
        Assert.Equal((true, false), Said(await first.ConnectAsync(options, Tool.Cancel)));
        await first.SubscribeAsync("s", QoS.AtLeastOnce, Tool.Cancel);

        await using var second = new MqttClient();
        Assert.Equal((true, true), Said(await second.ConnectAsync(options, Tool.Cancel)));
        var closed = await first.Closed.WaitAsync(Tool.Cancel);
        // Debian 12's 2.0.11 closes without a word, later releases say why.
        Assert.True(
            closed is { Failure: MqttFailure.ConnectionLost } or { Failure: MqttFailure.DisconnectedByServer, Code: ReasonCode.SessionTakenOver }, $"{closed}");

        await second.DisconnectAsync(cancellationToken: Tool.Cancel);
        await Publisher.SendAsync(broker.Port, 5, 1, "s", "while away");
        await using var third = new MqttClient();
        Assert.Equal((true, true), Said(await third.ConnectAsync(options, Tool.Cancel)));
        Assert.Equal([("s", "while away", QoS.AtLeastOnce)], await TakeAsync(third, 1));

        static (bool Accepted, bool Present) Said(ConnectResult result) => (result.Accepted, result.SessionPresent);
    }

    private static MqttClientOptions Options(Mosquitto broker, int version, string id) =>
        new() { Port = broker.Port, ProtocolVersion = version, ClientId = id, MessageCapacity = 2_000 };

    private static async Task<MqttClient> ConnectAsync(Mosquitto broker, int version, string id)
    {
        var client = new MqttClient();
        Assert.Equal(ReasonCode.Success, (await client.ConnectAsync(Options(broker, version, id), Tool.Cancel)).Code);
        return client;
    }

    private static async Task<List<(string Topic, string Payload, QoS QoS)>> TakeAsync(MqttClient client, int count)
    {
        var taken = new List<(string, string, QoS)>();
        while (taken.Count < count)
        {
            var message = await client.Messages.ReadAsync(Tool.Cancel);
            taken.Add((message.Topic, Encoding.UTF8.GetString(message.Payload), message.QoS));
        }
        return taken;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
