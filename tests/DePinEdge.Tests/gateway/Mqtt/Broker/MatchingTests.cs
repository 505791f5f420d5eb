using DePinEdge.Mqtt;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>The trie and the retained tree against a naive matcher that looks at everything, over seeded random filters and
/// topics.</summary>
public class MatchingTests
{
    private static readonly string[] Levels = ["a", "b", "c", "", "$x"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Trie_finds_what_a_naive_matcher_finds(int seed)
    {
        var random = new Random(seed);
        var broker = new TestBroker();
        var peers = Enumerable.Range(0, 25).Select(i => broker.Connect($"c{i}", 4)).ToArray();
        var filters = peers.Select(_ => new HashSet<string>()).ToArray();
        for (var round = 0; round < 1_500; round++)
        {
            var at = random.Next(peers.Length);
            if (random.Next(2) == 0)
            {
                var filter = RandomFilter(random);
                if (random.Next(3) > 0 && filters[at].Count < 8)
                {
                    Assert.StartsWith("SUBACK 00", peers[at].Subscribe(filter, QoS.AtMostOnce), StringComparison.Ordinal);
                    filters[at].Add(filter);
                }
                else if (filters[at].Count > 0)
                {
                    filter = filters[at].Order(StringComparer.Ordinal).ElementAt(random.Next(filters[at].Count));
                    peers[at].Unsubscribe(filter);
                    filters[at].Remove(filter);
                }
                continue;
            }
            var topic = RandomTopic(random);
            broker.Core.Publish(topic, "x"u8, QoS.AtMostOnce, false);
            for (var i = 0; i < peers.Length; i++)
            {
                var wanted = filters[i].Any(filter => NaiveMatch(filter, topic));
                Assert.Equal(wanted ? [$"PUBLISH {topic} x"] : [], peers[i].Take());
                Assert.Equal(wanted, filters[i].Any(filter => TopicFilter.Matches(filter, topic)));
            }
        }
        Assert.Equal(filters.Sum(set => set.Count), broker.Counters.Subscriptions);
        foreach (var peer in peers) peer.Drop();
        Assert.Equal(0, broker.Counters.Subscriptions);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Retained_tree_finds_what_a_naive_matcher_finds(int seed)
    {
        var random = new Random(seed);
        var broker = new TestBroker();
        var peer = broker.Connect("p", 4);
        var retained = new HashSet<string>();
        for (var round = 0; round < 600; round++)
        {
            var topic = RandomTopic(random);
            var clear = random.Next(3) == 0;
            broker.Core.Publish(topic, clear ? ""u8 : "x"u8, QoS.AtMostOnce, true);
            if (clear) retained.Remove(topic);
            else retained.Add(topic);
            Assert.Equal(retained.Count, broker.Counters.RetainedMessages);
            var filter = RandomFilter(random);
            peer.SendSubscribe(filter, QoS.AtMostOnce);
            var got = peer.Take().Skip(1).Order(StringComparer.Ordinal);
            Assert.Equal(retained.Where(t => NaiveMatch(filter, t)).Select(t => $"PUBLISH {t} x retain").Order(StringComparer.Ordinal), got);
            peer.Unsubscribe(filter);
        }
    }

    // Splits both and compares level by level: nothing shared with the code under test.
    private static bool NaiveMatch(string filter, string topic)
    {
        string[] wanted = filter.Split('/'), levels = topic.Split('/');
        if (topic.StartsWith('$') && wanted[0] is "+" or "#") return false;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#") return true;
            if (i >= levels.Length || (wanted[i] != "+" && wanted[i] != levels[i])) return false;
            if (i == wanted.Length - 1 && levels.Length == wanted.Length) return true;
            if (i == levels.Length - 1) return wanted.Length == levels.Length + 1 && wanted[i + 1] == "#";
        }
        return false;
    }

    private static string RandomTopic(Random random)
    {
        while (true)
        {
            var topic = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Levels[random.Next(Levels.Length)]));
            if (topic.Length > 0) return topic;
        }
    }

    private static string RandomFilter(Random random)
    {
        while (true)
        {
            var levels = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? "+" : Levels[random.Next(Levels.Length)]).ToList();
            if (random.Next(4) == 0) levels[^1] = "#";
            var filter = string.Join('/', levels);
            if (filter.Length > 0) return filter;
        }
    }
}
