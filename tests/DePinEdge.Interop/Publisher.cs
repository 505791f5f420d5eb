namespace DePinEdge.Interop;

/// <summary>Runs of mosquitto_pub.</summary>
internal static class Publisher
{
    /// <summary>Publishes one message and expects the broker to take it. Version is 311 or 5.</summary>
    public static async Task SendAsync(int port, int version, int qos, string topic, string payload, params string[] more)
    {
        var (code, _, errors) = await TryAsync(port, version, qos, topic, payload, more);
        Assert.Equal((0, ""), (code, errors));
    }

    /// <summary>Publishes one message; mosquitto_pub's exit code, what it did (its debug output) and what it complained of.</summary>
    public static Task<(int Code, IReadOnlyList<string> Lines, string Errors)> TryAsync(
        int port, int version, int qos, string topic, string payload, params string[] more) =>
        Tool.RunAsync("mosquitto_pub", Subscriber.Arguments(port, version, [topic], ["-d", "-q", $"{qos}", "-m", payload, .. more]));
}
