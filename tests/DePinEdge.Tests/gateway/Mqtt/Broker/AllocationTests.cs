using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>The hot path makes no garbage: nothing for QoS 0, and for QoS 1 the one copy that all subscribers share.</summary>
public class AllocationTests
{
    private const int Rounds = 2_000;
    private const int Subscribers = 20;

    [Fact]
    public void Quality_0_is_fanned_out_without_allocating() => Assert.InRange(AllocatedPerMessage(QoS.AtMostOnce), 0, 1);

    // One message object and one array of topic and payload: 64 + 24 + 210 bytes or so, far from 20 times 200.
    [Fact]
    public void Quality_1_allocates_one_copy_for_all_subscribers() => Assert.InRange(AllocatedPerMessage(QoS.AtLeastOnce), 200, 400);

    private static double AllocatedPerMessage(QoS qos)
    {
        var broker = new TestBroker();
        var peers = Enumerable.Range(0, Subscribers).Select(i => broker.Connect($"s{i}", 4)).ToArray();
        foreach (var peer in peers) peer.Subscribe("to/+", qos);
        var publisher = broker.Connect("p", 4);
        var packet = TestPeer.PublishBytes(4, "to/all", new string('x', 200), qos);
        var dirty = new List<BrokerConnection>();
        var ack = new byte[4];
        long before = 0;
        for (var round = -Rounds; round < Rounds; round++)
        {
            if (round == 0) before = GC.GetAllocatedBytesForCurrentThread();
            publisher.Send(packet);
            broker.Core.TakeDirty(dirty);
            foreach (var connection in dirty)
            {
                var output = broker.Core.TakeOutput(connection);
                if (qos == QoS.AtLeastOnce && output.Array[0] == 0x32)
                {
                    // The identifier stands after the header (3 bytes, for a body of more than 127) and the topic (2 + 6).
                    ack[0] = 0x40;
                    ack[1] = 2;
                    output.Memory.Span.Slice(11, 2).CopyTo(ack.AsSpan(2));
                }
                output.Return();
                broker.Core.OutputSent(connection, output.Count);
                if (ack[1] == 2) broker.Core.Receive(connection, ack, broker.NowMs);
                ack[1] = 0;
            }
            dirty.Clear();
        }
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Rounds;
        Assert.Equal(2L * Rounds * Subscribers, broker.Counters.PublishesOut);
        return allocated;
    }
}
