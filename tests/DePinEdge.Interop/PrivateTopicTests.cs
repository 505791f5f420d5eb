namespace DePinEdge.Interop;

/// <summary>What anonymous clients on the gateway's machine may not do: write anything, and read what boards and gateway say to each other.</summary>
public sealed class PrivateTopicTests
{
    private const string Device = "depin/v1/home/device/esp32-01/";

    [Fact(Timeout = 60_000)]
    public async Task A_message_to_a_boards_topics_is_refused_with_135_or_reaches_nobody()
    {
        string[] topics =
            [Device + "up", Device + "down", Device + "telemetry/env", Device + "status", Device + "cmd/reboot", "depin/v1/join/ABCDEF/up", "somewhere/else"];
        await using var site = await Site.StartAsync();
        await using var watcher = await Subscriber.StartAsync(site.MqttPort, 5, ["#"], "-q", "1");
        await site.JoinBoardsAsync();
        var refused = await site.AskAsync(core => core.Broker.Counters.PublishesRefused);
        Assert.Equal(0, refused);

        foreach (var topic in topics)
        {
            // Version 5 is told so: 135, not authorized.
            var (code, lines, errors) = await Publisher.TryAsync(site.MqttPort, 5, 1, topic, "forged", "-r");
            Assert.Contains(lines, line => line.Contains("received PUBACK", StringComparison.Ordinal) && line.Contains("RC:135", StringComparison.Ordinal));
            Assert.Contains("Not authorized", errors, StringComparison.Ordinal);
            Assert.Equal(0, code);
            Assert.Equal(++refused, await site.AskAsync(core => core.Broker.Counters.PublishesRefused));

            // Version 3.1.1 has no word for it: the message is acknowledged and counted.
            (code, lines, errors) = await Publisher.TryAsync(site.MqttPort, 311, 1, topic, "forged", "-r");
            Assert.Contains(lines, line => line.Contains("received PUBACK", StringComparison.Ordinal));
            Assert.Equal((0, ""), (code, errors));
            Assert.Equal(++refused, await site.AskAsync(core => core.Broker.Counters.PublishesRefused));

            await Publisher.SendAsync(site.MqttPort, 311, 0, topic, "forged", "-r");
            Assert.Equal(++refused, await site.AskAsync(core => core.Broker.Counters.PublishesRefused));
        }

        // The boards never noticed: they work, and ignored no frame.
        var job = await site.CountPrimesAsync(20_000);
        Assert.Equal(("completed", "2262"), (job.State, job.Answer));
        Assert.Equal((3, 0L, 0L), (site.Boards.Online, site.Boards.FramesIgnored, site.Boards.ConnectionsLost));
        Assert.All(await site.AskAsync(core => core.Views.Devices()), device => Assert.Equal(0, device.FramesIgnored));
        var seen = await watcher.MessagesAsync(message => message.Topic == $"depin/v1/home/job/{job.Id}/progress" && message.Payload.Contains("completed", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, message => message.Payload.Contains("forged", StringComparison.Ordinal));
        await using var late = await Subscriber.StartAsync(site.MqttPort, 5, ["#"]);
        Assert.All(await late.MessagesAsync(message => !message.Retained), message => Assert.NotEqual("forged", message.Payload));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task Wide_filters_show_no_private_topic_while_boards_join_and_work(int version)
    {
        await using var site = await Site.StartAsync();
        await using var everything = await Subscriber.StartAsync(site.MqttPort, version, ["#"], "-q", "1");
        await using var plus = await Subscriber.StartAsync(site.MqttPort, version, ["+/+/+/+/+", "+/+/+/+/+/+"], "-q", "1");
        var boards = await site.JoinBoardsAsync();
        var job = await site.CountPrimesAsync(20_000);
        Assert.Equal(("completed", "2262"), (job.State, job.Answer));

        bool Last(Printed message) =>
            message.Topic == $"depin/v1/home/job/{job.Id}/progress" && message.Payload.Contains("completed", StringComparison.Ordinal);
        foreach (var subscriber in new[] { everything, plus })
        {
            var seen = await subscriber.MessagesAsync(Last);
            Assert.All(seen, message =>
            {
                Assert.DoesNotContain("/join/", message.Topic, StringComparison.Ordinal);
                Assert.False(message.Topic.Split('/')[^1] is "up" or "down", message.Topic);
            });
            Assert.All(boards, board => Assert.Contains(seen, message => message is { Payload: "online" } && message.Topic == $"depin/v1/home/device/{board}/status"));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task A_filter_that_names_a_private_topic_is_refused(int version)
    {
        await using var site = await Site.StartAsync();
        foreach (var filter in new[] { Device + "down", Device + "up", "depin/v1/join/ABCDEF/down" })
        {
            // It ends by itself when nothing is left to wait for.
            var (_, lines, errors) = await Tool.RunAsync("mosquitto_sub", Subscriber.Arguments(site.MqttPort, version, [filter]));
            Assert.Contains("denied", errors, StringComparison.Ordinal);
            Assert.Empty(lines);
        }
        Assert.Equal(3, await site.AskAsync(core => core.Broker.Counters.SubscribesRefused));
    }
}
