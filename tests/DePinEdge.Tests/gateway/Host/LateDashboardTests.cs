using System.Text;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>A dashboard on a running gateway, by a real MQTT client over a socket.</summary>
public sealed class LateDashboardTests : IDisposable
{
    private readonly TempFolder temp = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Who_comes_late_sees_everything_at_once_and_hears_the_orderly_stop()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        await gateway.Host.Loop.AskAsync((core, now) => core.SealEpoch(now), Cancel);
        await using var client = new MqttClient();
        Assert.True((await client.ConnectAsync(new MqttClientOptions { Port = gateway.Host.MqttPort }, Cancel)).Accepted);
        Assert.True(await client.SubscribeAsync("depin/v1/+/#", QoS.AtLeastOnce, Cancel) < ReasonCode80);
        var seen = new Dictionary<string, string>();
        while (seen.Count < 3)
        {
            var message = await client.Messages.ReadAsync(Cancel);
            if (message.Retain)
                seen[message.Topic] = Encoding.UTF8.GetString(message.Payload);
        }
        Assert.Equal(["depin/v1/home/gateway/info", "depin/v1/home/gateway/status", "depin/v1/home/ledger/root"], seen.Keys.Order());
        Assert.Equal("online", seen["depin/v1/home/gateway/status"]);
        Assert.Contains("\"epoch\":1", seen["depin/v1/home/ledger/root"], StringComparison.Ordinal);

        await gateway.Host.StopAsync();
        var last = new List<string>();
        await foreach (var message in client.Messages.ReadAllAsync(Cancel))
            last.Add($"{message.Topic} {Encoding.UTF8.GetString(message.Payload)}");
        Assert.Contains("depin/v1/home/gateway/status offline", last);
    }

    private const Mqtt.ReasonCode ReasonCode80 = (Mqtt.ReasonCode)0x80;
}
