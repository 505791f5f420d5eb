namespace DePinEdge.Interop;

/// <summary>A message as mosquitto_sub printed it.</summary>
/// <param name="QoS">0 or 1.</param>
/// <param name="Retained">True for a message that had been kept for late subscribers.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload as text.</param>
internal sealed record Printed(int QoS, bool Retained, string Topic, string Payload);

/// <summary>A running mosquitto_sub whose subscription the broker has confirmed.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    /// <summary>QoS, retain flag, topic and payload, so that nothing of a message is left to guess.</summary>
    private const string Format = "%q %r %t %p";

    private readonly Tool tool;

    private Subscriber(Tool tool) => this.tool = tool;

    /// <summary>Starts mosquitto_sub and waits for its SUBACK. Version is 311 or 5.</summary>
    public static async Task<Subscriber> StartAsync(int port, int version, string[] filters, params string[] more)
    {
        var tool = Tool.Start("mosquitto_sub", Arguments(port, version, filters, [.. more, "-d", "-F", Format]));
        var subscriber = new Subscriber(tool);
        // Debug lines go to the same output; this one comes with the SUBACK.
        await tool.LineAsync(line => line.StartsWith("Subscribed (", StringComparison.Ordinal));
        return subscriber;
    }

    /// <summary>The command line of a mosquitto_sub or mosquitto_pub with these topics.</summary>
    public static string[] Arguments(int port, int version, string[] topics, params string[] more) =>
        ["-h", "127.0.0.1", "-p", $"{port}", "-V", $"{version}", .. topics.SelectMany(topic => new[] { "-t", topic }), .. more];

    /// <summary>The next message.</summary>
    public async Task<Printed> MessageAsync()
    {
        while (true)
            if (Read(await tool.LineAsync()) is { } message)
                return message;
    }

    /// <summary>The next messages, as many as asked for.</summary>
    public async Task<IReadOnlyList<Printed>> MessagesAsync(int count)
    {
        var taken = new List<Printed>(count);
        while (taken.Count < count)
            taken.Add(await MessageAsync());
        return taken;
    }

    /// <summary>Reads messages up to and with the first that fits.</summary>
    public async Task<IReadOnlyList<Printed>> MessagesAsync(Func<Printed, bool> last)
    {
        var taken = new List<Printed>();
        do
            taken.Add(await MessageAsync());
        while (!last(taken[^1]));
        return taken;
    }

    /// <summary>Waits for a line of mosquitto_sub's debug output that holds this text.</summary>
    public Task<string> DebugAsync(string text) => tool.LineAsync(line => line.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => tool.DisposeAsync();

    private static Printed? Read(string line) =>
        line.Length > 4 && line[0] is '0' or '1' && line[2] is '0' or '1' && line.Split(' ', 4) is [var qos, var retained, var topic, var payload]
            ? new Printed(qos[0] - '0', retained == "1", topic, payload)
            : null;
}
