namespace DePinEdge.Interop;

/// <summary>Clients that have nothing to say stay connected by pings. Five seconds is the shortest keep-alive mosquitto_sub takes.</summary>
public sealed class KeepAliveTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_silent_client_is_kept_by_its_pings()
    {
        await using var broker = await OurBroker.StartAsync();
        await using var old = await Subscriber.StartAsync(broker.Port, 311, ["t"], "-k", "5");
        await using var young = await Subscriber.StartAsync(broker.Port, 5, ["t"], "-k", "5");
        // After the second answer more than one and a half keep-alives have passed.
        foreach (var subscriber in new[] { old, young, old, young })
            await subscriber.DebugAsync("received PINGRESP");
        await Publisher.SendAsync(broker.Port, 311, 1, "t", "still here");
        Assert.Equal("still here", (await old.MessageAsync()).Payload);
        Assert.Equal("still here", (await young.MessageAsync()).Payload);
    }
}
