using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>What a dashboard is told of the form of the gateway's messages, over a real socket.</summary>
public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("depin/v1/+/gateway/info", "application/json")]
    [InlineData("depin/v1/+/gateway/status", "text/plain")]
    public async Task Retained_messages_of_the_gateway_say_what_they_are(string filter, string contentType)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        await using var client = new MqttClient();
        await client.ConnectAsync(new MqttClientOptions { Port = gateway.Host.MqttPort, ProtocolVersion = 5 }, cancel);
        await client.SubscribeAsync(filter, QoS.AtLeastOnce, cancel);
        var message = await client.Messages.ReadAsync(cancel);
        Assert.True(message.Retain);
        Assert.True(PropertyReader.TryFind(message.Properties, PropertyId.ContentType, out var type));
        Assert.Equal(contentType, System.Text.Encoding.UTF8.GetString(type.Bytes));
        Assert.Equal(1u, PropertyReader.Number(message.Properties, PropertyId.PayloadFormatIndicator, 0));
    }
}
