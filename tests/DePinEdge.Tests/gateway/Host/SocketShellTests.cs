using System.Net;
using System.Net.Sockets;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Commands;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>The portable shell with the real broker and an application that lets everybody in.</summary>
public sealed class SocketShellTests
{
    [Fact]
    public async Task Messages_go_from_one_socket_to_another()
    {
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 64, TimeProvider.System);
        var loop = Started(shell);
        using var reader = Client(shell, "reader");
        reader.Subscribe("a/#");
        Assert.Equal(0x90, reader.Read().Type);
        using var writer = Client(shell, "writer");
        for (ushort id = 1; id <= 100; id++)
            writer.Publish("a/b", [(byte)id], id);
        for (ushort id = 1; id <= 100; id++)
        {
            Assert.Equal((byte)id, reader.Read().Body[^1]);
            Assert.Equal((0x40, (byte)id), (writer.Read().Type, (byte)id));
        }
        await StopAsync(loop);
        Assert.Equal(2, shell.Counters.Accepted);
        Assert.Equal(100, loop.Summary().PublishesIn);
    }

    [Fact]
    public async Task A_client_that_breaks_the_protocol_is_closed_and_forgotten()
    {
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 64, TimeProvider.System);
        var loop = Started(shell);
        using var client = new RawMqtt(shell.Port);
        client.Connect("one");
        Assert.Equal(0x20, client.Read().Type);
        client.Connect("one"); // a second CONNECT is a protocol error
        Assert.Throws<EndOfStreamException>(() => client.Read());
        await UntilAsync(() => loop.Broker.Counters.Connections == 0);
        await StopAsync(loop);
        Assert.Equal(1, loop.Broker.Counters.ProtocolErrors);
    }

    [Fact]
    public async Task A_full_inbox_slows_its_peers_and_loses_nothing()
    {
        // Nobody pumps yet: two inputs fit, so the writer's bytes stay in the sockets until the loop starts.
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 2, TimeProvider.System);
        shell.Start();
        using var writer = new RawMqtt(shell.Port);
        writer.Socket.SendBufferSize = 4 << 10;
        writer.Connect("writer");
        var payload = new byte[1_000];
        var count = 0;
        var sending = Task.Run(() =>
        {
            for (; count < 5_000; count++)
                writer.Publish("nobody/listens", payload, 0);
            writer.Ping();
        }, TestContext.Current.CancellationToken);
        await UntilAsync(() => shell.Counters.InboxWaits > 0);
        Assert.InRange(shell.Counters.BytesIn, 1, 4 * 8_192);
        Assert.False(sending.IsCompleted);

        var loop = new BrokerLoop(new AlreadyStarted(shell), TimeProvider.System);
        loop.Start();
        await sending.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0x20, writer.Read().Type);
        Assert.Equal(0xD0, writer.Read().Type);
        await StopAsync(loop);
        Assert.Equal(5_000, loop.Summary().PublishesIn);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_nobody_and_gets_what_its_limits_allow()
    {
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 256, TimeProvider.System);
        var loop = Started(shell, new BrokerOptions { MaxOutputBytesPerConnection = 64 << 10 });
        using var deaf = Client(shell, "deaf", 4 << 10);
        deaf.Subscribe("a");
        Assert.Equal(0x90, deaf.Read().Type);
        using var writer = Client(shell, "writer");
        var payload = new byte[8_000];
        // How much of a burst one turn takes depends on the machine, and a turn drops what is over the limit: so bursts go on until
        // the reader's and the kernel's buffers are full too. Each PINGRESP says that the writer is not held up.
        var sent = 0;
        while (shell.Counters.SendsDeferred == 0 || loop.Broker.Counters.DroppedSlowSubscriber == 0)
        {
            Assert.InRange(sent, 0, 100_000);
            for (var i = 0; i < 100; i++)
                writer.Publish("a", payload, 0);
            sent += 100;
            writer.Ping();
            Assert.Equal(0xD0, writer.Read().Type);
        }
        Assert.Equal(0x30, deaf.Read().Type);
        await StopAsync(loop);
        Assert.Equal(sent, loop.Summary().PublishesIn);
    }

    [Fact]
    public void A_port_in_use_is_named_with_the_option_that_changes_it()
    {
        using var first = SocketShell.Listen(IPAddress.Loopback, 0, 64, TimeProvider.System);
        var failure = Assert.Throws<HostException>(() => SocketShell.Listen(IPAddress.Loopback, first.Port, 64, TimeProvider.System));
        Assert.Equal(ExitCodes.PortInUse, failure.ExitCode);
        Assert.Contains($"port {first.Port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--mqtt-port", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_closed_for_the_broker()
    {
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 64, TimeProvider.System);
        var loop = Started(shell);
        using (var client = Client(shell, "one"))
            client.Socket.LingerState = new LingerOption(true, 0); // a reset, not an orderly end
        await UntilAsync(() => loop.Broker.Counters.ConnectionsOpened == 1 && loop.Broker.Counters.Connections == 0);
        await StopAsync(loop);
    }

    private static RawMqtt Client(SocketShell shell, string id, int? receiveBuffer = null)
    {
        var client = new RawMqtt(shell.Port);
        if (receiveBuffer is { } bytes)
            client.Socket.ReceiveBufferSize = bytes;
        client.Connect(id);
        Assert.Equal(0x20, client.Read().Type);
        return client;
    }

    private static BrokerLoop Started(SocketShell shell, BrokerOptions? options = null)
    {
        var loop = new BrokerLoop(shell, TimeProvider.System, null, options);
        loop.Start();
        return loop;
    }

    private static async Task StopAsync(BrokerLoop loop)
    {
        loop.RequestStop();
        await loop.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    /// <summary>Other threads count; there is no event to wait for, so this looks until it holds or the test's time is over.</summary>
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The shell of a test that accepted before its loop existed.</summary>
    private sealed class AlreadyStarted(SocketShell shell) : IConnectionShell
    {
        public int Port => shell.Port;

        public ShellCounters Counters => shell.Counters;

        public void Start()
        {
            // It was.
        }

        public bool Pump(IConnectionTarget target, int inputsMax) => shell.Pump(target, inputsMax);

        public void Flush(IConnectionTarget target, IReadOnlyList<BrokerConnection> dirty) => shell.Flush(target, dirty);

        public void Wait(long milliseconds) => shell.Wait(milliseconds);

        public void Wake() => shell.Wake();

        public void Dispose() => shell.Dispose();
    }
}
