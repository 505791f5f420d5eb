using System.Net;
using System.Net.Sockets;
using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Mqtt.Client;
using DePinEdge.Tests.Gateway.MqttTests.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Client;

/// <summary>The client against the real broker core over real loopback sockets, and against a peer that misbehaves.</summary>
public class MqttClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static MqttClientOptions Options(LoopbackShell shell, string id = "", int version = 5) => new() { Port = shell.Port, ClientId = id, ProtocolVersion = version };

    private static async Task<MqttClient> ConnectAsync(MqttClientOptions options)
    {
        var client = new MqttClient();
        var result = await client.ConnectAsync(options, Cancel);
        Assert.Equal(ReasonCode.Success, result.Code);
        return client;
    }

    private static string Text(MqttMessage message) => $"{message.Topic} {Encoding.UTF8.GetString(message.Payload)} {(int)message.QoS}{(message.Retain ? " retain" : "")}";

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Messages_travel_both_ways_and_quality_1_is_acknowledged(int version)
    {
        await using var shell = new LoopbackShell(new TestApplication());
        await using var subscriber = await ConnectAsync(Options(shell, "s", version));
        await using var publisher = await ConnectAsync(Options(shell, "p", version));
        Assert.Equal(ReasonCode.GrantedQoS1, await subscriber.SubscribeAsync("a/+", QoS.AtLeastOnce, Cancel));
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("a/1", "zero"u8.ToArray(), QoS.AtMostOnce, false, Cancel));
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("a/2", "one"u8.ToArray(), QoS.AtLeastOnce, false, Cancel));
        Assert.Equal("a/1 zero 0", Text(await subscriber.Messages.ReadAsync(Cancel)));
        Assert.Equal("a/2 one 1", Text(await subscriber.Messages.ReadAsync(Cancel)));
        var large = new byte[60_000];
        large[^1] = 7;
        await publisher.PublishAsync("a/3", large, QoS.AtLeastOnce, true, Cancel);
        Assert.Equal(large, (await subscriber.Messages.ReadAsync(Cancel)).Payload);
        Assert.Equal(ReasonCode.Success, await subscriber.UnsubscribeAsync("a/+", Cancel));
        Assert.Equal(ReasonCode.GrantedQoS1, await subscriber.SubscribeAsync("a/3", QoS.AtLeastOnce, Cancel));
        Assert.True((await subscriber.Messages.ReadAsync(Cancel)).Retain);
    }

    [Fact]
    public async Task Refusal_is_a_result_with_the_servers_reason()
    {
        var application = new TestApplication { OnAuthenticate = request => ConnectVerdict.Refuse(ReasonCode.NotAuthorized, $"not {request.UserName}:{Encoding.UTF8.GetString(request.Password.Span)}") };
        await using var shell = new LoopbackShell(application);
        await using var client = new MqttClient();
        var result = await client.ConnectAsync(Options(shell, "a") with { UserName = "u", Password = "p"u8.ToArray() }, Cancel);
        Assert.Equal(new ConnectResult(ReasonCode.NotAuthorized, false, "not u:p", null), result);
        Assert.False(result.Accepted);
        var closed = await client.Closed.WaitAsync(Cancel);
        Assert.Equal((MqttFailure.Refused, ReasonCode.NotAuthorized, "not u:p"), (closed.Failure, closed.Code, closed.Reason));
        await using var old = new MqttClient();
        Assert.Equal(ReasonCode.NotAuthorized, (await old.ConnectAsync(Options(shell, "a", 4), Cancel)).Code);
    }

    [Fact]
    public async Task Assigned_id_and_resumed_session_are_in_the_result()
    {
        await using var shell = new LoopbackShell(new TestApplication());
        await using var nameless = new MqttClient();
        Assert.Equal("auto-1", (await nameless.ConnectAsync(Options(shell), Cancel)).AssignedClientId);
        var options = Options(shell, "kept") with { CleanStart = false, SessionExpirySeconds = 100 };
        var first = await ConnectAsync(options);
        await first.SubscribeAsync("a", QoS.AtLeastOnce, Cancel);
        await first.DisposeAsync();
        await nameless.PublishAsync("a", "while away"u8.ToArray(), QoS.AtLeastOnce, false, Cancel);
        await using var second = new MqttClient();
        Assert.True((await second.ConnectAsync(options, Cancel)).SessionPresent);
        Assert.Equal("a while away 1", Text(await second.Messages.ReadAsync(Cancel)));
    }

    [Fact]
    public async Task Refused_publish_and_subscription_give_their_codes()
    {
        var application = new TestApplication { OnAuthorizePublish = (_, _) => PublishRoute.Refuse, OnAuthorizeSubscribe = (_, _) => ReasonCode.NotAuthorized };
        await using var shell = new LoopbackShell(application);
        await using var client = await ConnectAsync(Options(shell));
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", default, QoS.AtLeastOnce, false, Cancel));
        Assert.Equal(ReasonCode.NotAuthorized, await client.SubscribeAsync("a", QoS.AtLeastOnce, Cancel));
    }

    [Fact]
    public async Task Goodbye_is_said_and_heard()
    {
        var application = new TestApplication();
        await using var shell = new LoopbackShell(application);
        var client = await ConnectAsync(Options(shell, "a"));
        await client.DisconnectAsync(cancellationToken: Cancel);
        var closed = await client.Closed.WaitAsync(Cancel);
        Assert.Equal((MqttFailure.ClosedByClient, ReasonCode.Success), (closed.Failure, closed.Code));
        List<string> heard = [];
        await shell.Do(() => heard.AddRange(application.Heard));
        Assert.Equal(["opened a", "lost a Success"], heard);
        var failed = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("a", default, QoS.AtLeastOnce, false, Cancel));
        Assert.Equal(MqttFailure.ClosedByClient, failed.Failure);
        Assert.False(await client.Messages.WaitToReadAsync(Cancel));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Servers_disconnect_is_kept_with_its_reason_and_fails_what_waits()
    {
        await using var shell = new LoopbackShell(new TestApplication());
        await using var client = await ConnectAsync(Options(shell, "a"));
        await shell.Do(() => shell.Core.Disconnect("a", ReasonCode.AdministrativeAction, "moved out"));
        var closed = await client.Closed.WaitAsync(Cancel);
        Assert.Equal((MqttFailure.DisconnectedByServer, ReasonCode.AdministrativeAction, "moved out"), (closed.Failure, closed.Code, closed.Reason));
        var failed = await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync("a", QoS.AtMostOnce, Cancel));
        Assert.Equal((MqttFailure.DisconnectedByServer, ReasonCode.AdministrativeAction, "moved out"), (failed.Failure, failed.Code, failed.Message));
    }

    [Fact]
    public async Task Take_over_is_told_to_the_older_client()
    {
        await using var shell = new LoopbackShell(new TestApplication());
        await using var older = await ConnectAsync(Options(shell, "a"));
        await using var newer = await ConnectAsync(Options(shell, "a"));
        Assert.Equal(ReasonCode.SessionTakenOver, (await older.Closed.WaitAsync(Cancel)).Code);
        Assert.False(newer.Closed.IsCompleted);
    }

    [Fact]
    public async Task Slow_reader_slows_the_server_and_loses_nothing()
    {
        await using var shell = new LoopbackShell(new TestApplication(), new BrokerOptions { MaxQueuedPerSession = 5_000 });
        await using var subscriber = await ConnectAsync(Options(shell, "s") with { MessageCapacity = 4 });
        await subscriber.SubscribeAsync("a", QoS.AtLeastOnce, Cancel);
        await using var publisher = await ConnectAsync(Options(shell, "p"));
        var sends = Enumerable.Range(0, 2_000).Select(i => publisher.PublishAsync("a", BitConverter.GetBytes(i), QoS.AtLeastOnce, false, Cancel)).ToArray();
        Assert.All(await Task.WhenAll(sends), code => Assert.Equal(ReasonCode.Success, code));
        for (var i = 0; i < 2_000; i++) Assert.Equal(i, BitConverter.ToInt32((await subscriber.Messages.ReadAsync(Cancel)).Payload));
        var (waiting, dropped) = (0L, 0L);
        await shell.Do(() => (waiting, dropped) = (shell.Core.Counters.QueuedMessages, shell.Core.Counters.DroppedSlowSubscriber));
        Assert.Equal((0L, 0L), (waiting, dropped));
    }

    [Fact]
    public async Task Three_hundred_clients_live_in_one_process()
    {
        await using var shell = new LoopbackShell(new TestApplication());
        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => ConnectAsync(Options(shell, $"c{i}"))));
        await Task.WhenAll(clients.Select((client, i) => client.SubscribeAsync($"to/{i}", QoS.AtLeastOnce, Cancel)));
        await Task.WhenAll(clients.Select((client, i) => client.PublishAsync($"to/{(i + 1) % 300}", BitConverter.GetBytes(i), QoS.AtLeastOnce, false, Cancel)));
        for (var i = 0; i < 300; i++) Assert.Equal((i + 299) % 300, BitConverter.ToInt32((await clients[i].Messages.ReadAsync(Cancel)).Payload));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else takes the port, and not listening
        await using var client = new MqttClient();
        var failed = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(new MqttClientOptions { Port = ((IPEndPoint)socket.LocalEndPoint!).Port }, Cancel));
        Assert.Equal(MqttFailure.Unreachable, failed.Failure);
        Assert.Equal(MqttFailure.Unreachable, (await client.Closed.WaitAsync(Cancel)).Failure);
    }

    [Fact]
    public async Task Silent_server_is_a_time_out()
    {
        using var server = new RawServer();
        await using var client = new MqttClient();
        var failed = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(server.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(50) }, Cancel));
        Assert.Equal(MqttFailure.TimedOut, failed.Failure);
    }

    [Theory]
    [InlineData("", MqttFailure.ConnectionLost)] // closed without an answer
    [InlineData("D000", MqttFailure.ProtocolError)] // PINGRESP before CONNACK
    [InlineData("2003000000D000", null)]
    [InlineData("20030000002003000000", MqttFailure.ProtocolError)] // CONNACK twice
    [InlineData("20030000003400", MqttFailure.ProtocolError)]
    [InlineData("2003000000340700016100010000", MqttFailure.ProtocolError)] // a QoS 2 message
    [InlineData("2003000000FFFFFFFFFF", MqttFailure.ProtocolError)]
    [InlineData("2003000000E00198", MqttFailure.DisconnectedByServer)]
    [InlineData("20030000008200", MqttFailure.ProtocolError)] // SUBSCRIBE from a server
    public async Task Misbehaving_server_is_told_from_a_broken_connection(string answer, MqttFailure? failure)
    {
        using var server = new RawServer();
        await using var client = new MqttClient();
        var connecting = client.ConnectAsync(server.Options, Cancel);
        using (var peer = await server.AcceptAsync(Cancel))
        {
            await peer.ReceiveAsync(new byte[1_000], Cancel);
            if (answer.Length > 0) await peer.SendAsync(Convert.FromHexString(answer), Cancel);
            if (failure is not (null or MqttFailure.ConnectionLost)) Assert.Equal(failure, (await client.Closed.WaitAsync(Cancel)).Failure);
        }
        Assert.Equal(failure ?? MqttFailure.ConnectionLost, (await client.Closed.WaitAsync(Cancel)).Failure);
        if (answer.StartsWith("20", StringComparison.Ordinal)) await connecting.ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);
        else await Assert.ThrowsAsync<MqttException>(() => connecting);
    }

    [Fact]
    public async Task Unanswered_publish_fails_when_the_connection_breaks_and_when_time_is_over()
    {
        using var server = new RawServer();
        await using var client = new MqttClient();
        using (var peer = await Accepted(server, client, server.Options))
        {
            var publish = client.PublishAsync("a", default, QoS.AtLeastOnce, false, Cancel);
            await peer.ReceiveAsync(new byte[1_000], Cancel);
            peer.Dispose();
            Assert.Equal(MqttFailure.ConnectionLost, (await Assert.ThrowsAsync<MqttException>(() => publish)).Failure);
        }
        await using var patient = new MqttClient();
        using var silent = await Accepted(server, patient, server.Options with { AckTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(MqttFailure.TimedOut, (await Assert.ThrowsAsync<MqttException>(() => patient.PublishAsync("a", default, QoS.AtLeastOnce, false, Cancel))).Failure);
        Assert.Equal(MqttFailure.TimedOut, (await patient.Closed.WaitAsync(Cancel)).Failure);
    }

    [Fact]
    public async Task Client_pings_in_time_and_gives_a_silent_server_up()
    {
        var time = new ManualTime();
        using var server = new RawServer();
        await using var client = new MqttClient();
        using var peer = await Accepted(server, client, server.Options with { KeepAliveSeconds = 40, TimeProvider = time });
        var bytes = new byte[100];
        time.Pass(TimeSpan.FromSeconds(10)); // a quarter: too early to ping
        time.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(2, await peer.ReceiveAsync(bytes, Cancel));
        Assert.Equal([0xC0, 0x00], bytes[..2]);
        for (var i = 0; i < 3; i++) time.Pass(TimeSpan.FromSeconds(10));
        Assert.False(client.Closed.IsCompleted);
        time.Pass(TimeSpan.FromSeconds(10));
        var closed = await client.Closed.WaitAsync(Cancel);
        Assert.Equal((MqttFailure.TimedOut, ReasonCode.KeepAliveTimeout), (closed.Failure, closed.Code));
    }

    [Fact]
    public async Task Impossible_requests_name_what_is_wrong()
    {
        await using var shell = new LoopbackShell(new TestApplication(), new BrokerOptions { MaxPacketBytes = 200, MaxConnectPacketBytes = 200 });
        await using var client = new MqttClient();
        Assert.Equal(MqttFailure.InvalidRequest, (await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("a", default, QoS.AtMostOnce, false, Cancel))).Failure);
        Assert.StartsWith("Port", (await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(new MqttClientOptions { Port = 0 }, Cancel))).Message, StringComparison.Ordinal);
        await client.ConnectAsync(Options(shell), Cancel);
        foreach (var attempt in (Func<Task>[])[
            () => client.ConnectAsync(Options(shell), Cancel),
            () => client.PublishAsync("a/+", default, QoS.AtMostOnce, false, Cancel),
            () => client.PublishAsync("a", default, QoS.ExactlyOnce, false, Cancel),
            () => client.SubscribeAsync("a/#/b", QoS.AtMostOnce, Cancel),
            () => client.PublishAsync("a", new byte[192], QoS.AtLeastOnce, false, Cancel)])
            Assert.Equal(MqttFailure.InvalidRequest, (await Assert.ThrowsAsync<MqttException>(attempt)).Failure);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("a", new byte[191], QoS.AtLeastOnce, false, Cancel));
    }

    [Fact]
    public async Task Cancelled_wait_leaves_the_connection_alone()
    {
        using var server = new RawServer();
        await using var client = new MqttClient();
        using var peer = await Accepted(server, client, server.Options);
        using var cancel = new CancellationTokenSource();
        var publish = client.PublishAsync("a", default, QoS.AtLeastOnce, false, cancel.Token);
        var bytes = new byte[100];
        await peer.ReceiveAsync(bytes, Cancel);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish);
        var next = client.PublishAsync("a", default, QoS.AtLeastOnce, false, Cancel);
        await peer.ReceiveAsync(bytes, Cancel);
        await peer.SendAsync(Convert.FromHexString("4002000140020002"), Cancel); // both acknowledgements
        Assert.Equal(ReasonCode.Success, await next);
        Assert.False(client.Closed.IsCompleted);
    }

    private static async Task<Socket> Accepted(RawServer server, MqttClient client, MqttClientOptions options)
    {
        var connecting = client.ConnectAsync(options, Cancel);
        var peer = await server.AcceptAsync(Cancel);
        await peer.ReceiveAsync(new byte[1_000], Cancel);
        await peer.SendAsync(Convert.FromHexString("2003000000"), Cancel);
        Assert.True((await connecting).Accepted);
        return peer;
    }
}
