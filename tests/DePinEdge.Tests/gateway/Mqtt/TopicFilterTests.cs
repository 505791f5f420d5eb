using DePinEdge.Mqtt;

namespace DePinEdge.Tests.Gateway.MqttTests;

/// <summary>Topic names and filters (MQTT 5.0 section 4.7, whose own examples these are in good part).</summary>
public class TopicFilterTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/+/#", "a/$b", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    public void Filter_matches_as_specified(string filter, string topic, bool matches) => Assert.Equal(matches, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/#", true)]
    [InlineData("+/tennis/#", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("#/a", false)]
    [InlineData("sport+", false)]
    [InlineData("a/+b", false)]
    [InlineData("a\0b", false)]
    public void Filter_is_valid_as_specified(string filter, bool valid) => Assert.Equal(valid, TopicFilter.IsValid(filter));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("/", true)]
    [InlineData("$SYS/x", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("a/#", false)]
    [InlineData("a\0", false)]
    public void Topic_name_is_valid_as_specified(string topic, bool valid) => Assert.Equal(valid, TopicName.IsValid(topic));

    [Fact]
    public void Lone_surrogate_is_no_topic_and_no_filter()
    {
        Assert.False(TopicName.IsValid("a\uD800"));
        Assert.False(TopicFilter.IsValid("a\uDC00"));
    }

    [Fact]
    public void Topic_of_65535_bytes_is_valid_and_one_more_is_not()
    {
        Assert.True(TopicName.IsValid(new string('a', 65_535)));
        Assert.False(TopicName.IsValid(new string('a', 65_536)));
        Assert.False(TopicName.IsValid(new string('é', 32_768)));
        Assert.True(TopicFilter.IsValid(new string('a', 65_535)));
        Assert.False(TopicFilter.IsValid(new string('a', 65_536)));
    }
}
