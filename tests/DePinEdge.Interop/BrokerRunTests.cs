using System.Globalization;

namespace DePinEdge.Interop;

/// <summary>Debian's mosquitto_sub and mosquitto_pub against `depin broker run`, which is a process of its own.</summary>
public sealed class BrokerRunTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(311, 311)]
    [InlineData(311, 5)]
    [InlineData(5, 311)]
    [InlineData(5, 5)]
    public async Task A_message_comes_back_in_both_qualities(int publisher, int subscriber)
    {
        await using var broker = await OurBroker.StartAsync();
        await using var modest = await Subscriber.StartAsync(broker.Port, subscriber, ["a/b"], "-q", "0");
        await using var careful = await Subscriber.StartAsync(broker.Port, subscriber, ["a/b"], "-q", "1");

        await Publisher.SendAsync(broker.Port, publisher, 0, "a/b", "zero, ünï");
        await Publisher.SendAsync(broker.Port, publisher, 1, "a/b", "one");

        // A message is delivered with the lower of its own quality and the subscription's.
        Assert.Equal([new Printed(0, false, "a/b", "zero, ünï"), new Printed(0, false, "a/b", "one")], await modest.MessagesAsync(2));
        Assert.Equal([new Printed(0, false, "a/b", "zero, ünï"), new Printed(1, false, "a/b", "one")], await careful.MessagesAsync(2));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task A_retained_message_waits_for_late_subscribers_until_an_empty_one_clears_it(int version)
    {
        await using var broker = await OurBroker.StartAsync();
        await using var early = await Subscriber.StartAsync(broker.Port, version, ["r/#"], "-q", "1");
        await Publisher.SendAsync(broker.Port, version, 1, "r/kept", "first", "-r");
        await Publisher.SendAsync(broker.Port, version, 1, "r/kept", "second", "-r");
        Assert.Equal([new Printed(1, false, "r/kept", "first"), new Printed(1, false, "r/kept", "second")], await early.MessagesAsync(2));

        await using var late = await Subscriber.StartAsync(broker.Port, version, ["r/+"], "-q", "1");
        Assert.Equal(new Printed(1, true, "r/kept", "second"), await late.MessageAsync());

        var cleared = await Tool.RunAsync("mosquitto_pub", Subscriber.Arguments(broker.Port, version, ["r/kept"], "-q", "1", "-r", "-n"));
        Assert.Equal(0, cleared.Code);
        await using var last = await Subscriber.StartAsync(broker.Port, version, ["r/#"], "-q", "1");
        await Publisher.SendAsync(broker.Port, version, 1, "r/mark", "end");
        Assert.Equal(new Printed(1, false, "r/mark", "end"), await last.MessageAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task Wildcards_take_what_the_standard_says(int version)
    {
        (string Filter, string[] Topics)[] cases =
        [
            ("#", ["a", "a/x", "a/b/x", "b/x"]),
            ("a/#", ["a", "a/x", "a/b/x"]),
            ("+/x", ["a/x", "b/x"]),
            ("a/+/x", ["a/b/x"]),
            ("+", ["a"]),
            ("$own/#", ["$own/x"]),
        ];
        await using var broker = await OurBroker.StartAsync();
        var subscribers = new List<Subscriber>();
        try
        {
            foreach (var (filter, _) in cases)
                subscribers.Add(await Subscriber.StartAsync(broker.Port, version, [filter, "end/end/end/end"], "-q", "0"));
            foreach (var topic in new[] { "a", "a/x", "a/b/x", "b/x", "$own/x" })
                await Publisher.SendAsync(broker.Port, version, 1, topic, "m");
            await Publisher.SendAsync(broker.Port, version, 1, "end/end/end/end", "end");

            foreach (var (number, (_, topics)) in cases.Index())
            {
                var seen = await subscribers[number].MessagesAsync(message => message.Payload == "end");
                Assert.Equal(topics, seen.SkipLast(1).Select(message => message.Topic));
            }
        }
        finally
        {
            foreach (var subscriber in subscribers)
                await subscriber.DisposeAsync();
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311, 0)]
    [InlineData(311, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    public async Task A_thousand_messages_arrive_once_each_in_order(int version, int qos)
    {
        await using var broker = await OurBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, version, ["many"], "-q", $"{qos}");
        await using var publisher = Tool.Start("mosquitto_pub", Subscriber.Arguments(broker.Port, version, ["many"], "-q", $"{qos}", "-l"));
        for (var i = 0; i < 1_000; i++)
            await publisher.WriteLineAsync(i.ToString(CultureInfo.InvariantCulture));
        publisher.CloseInput();

        var messages = await subscriber.MessagesAsync(1_000);

        Assert.Equal(0, await publisher.EndedAsync());
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture)), messages.Select(message => message.Payload));
        Assert.All(messages, message => Assert.Equal((qos, "many"), (message.QoS, message.Topic)));
        await Publisher.SendAsync(broker.Port, version, qos, "many", "end");
        Assert.Equal("end", (await subscriber.MessageAsync()).Payload);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task A_second_client_with_the_same_id_takes_the_session_over(int version)
    {
        await using var broker = await OurBroker.StartAsync();
        await using var first = await Subscriber.StartAsync(broker.Port, 5, ["t"], "-i", "same");
        await using var second = await Subscriber.StartAsync(broker.Port, version, ["t"], "-i", "same");
        // 142: session taken over.
        await first.DebugAsync("DISCONNECT (142)");
        await Publisher.SendAsync(broker.Port, version, 1, "t", "for the second");
        Assert.Equal("for the second", (await second.MessageAsync()).Payload);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task A_kept_session_gets_what_came_while_its_client_was_away(int version)
    {
        string[] session = ["-i", "sleeper", "-c", "-q", "1"];
        await using var broker = await OurBroker.StartAsync();
        var subscribed = await Tool.RunAsync("mosquitto_sub", Subscriber.Arguments(broker.Port, version, ["s"], [.. session, "-E"]));
        Assert.Equal(0, subscribed.Code);
        await Publisher.SendAsync(broker.Port, version, 1, "s", "one");
        await Publisher.SendAsync(broker.Port, version, 1, "s", "two");

        var (code, lines, _) = await Tool.RunAsync("mosquitto_sub", Subscriber.Arguments(broker.Port, version, ["s"], [.. session, "-C", "2"]));

        Assert.Equal(0, code);
        Assert.Equal(["one", "two"], lines);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task The_will_of_a_client_that_vanishes_is_published(int version)
    {
        await using var broker = await OurBroker.StartAsync();
        await using var heir = await Subscriber.StartAsync(broker.Port, version, ["will"], "-q", "1");
        var doomed = await Subscriber.StartAsync(broker.Port, version, ["t"], "--will-topic", "will", "--will-payload", "gone", "--will-qos", "1");
        await doomed.DisposeAsync();
        Assert.Equal(new Printed(1, false, "will", "gone"), await heir.MessageAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Properties_of_version_5_travel_with_the_message()
    {
        await using var broker = await OurBroker.StartAsync();
        await using var subscriber = Tool.Start(
            "mosquitto_sub", Subscriber.Arguments(broker.Port, 5, ["p"], "-d", "-F", "= %C %R %D %P %p"));
        await subscriber.LineAsync(line => line.StartsWith("Subscribed (", StringComparison.Ordinal));
        await Publisher.SendAsync(
            broker.Port, 5, 1, "p", "body", "-D", "publish", "content-type", "text/plain", "-D", "publish", "response-topic", "back", "-D", "publish",
            "correlation-data", "c7", "-D", "publish", "user-property", "key", "value");
        Assert.Equal("= text/plain back c7 key:value body", await subscriber.LineAsync(line => line.StartsWith('=')));
    }
}
