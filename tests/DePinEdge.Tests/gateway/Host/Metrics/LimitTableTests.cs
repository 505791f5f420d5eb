using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Tests.Tidy;

namespace DePinEdge.Tests.Gateway.Host.Metrics;

/// <summary>
/// The table of limits in gateway/README.md: what it lists is what /metrics counts. The broker's rows are driven in BrokerLimitTests, the
/// domain's in CoreLimitTests, and those of sockets and HTTP here, over real ones.
/// </summary>
public sealed class LimitTableTests
{
    private static readonly string[] Shell = ["InboxMax", "AsksMax", "HttpConnectionsMax", "EventStreamsMax", "ViewersMax", "JsonBytesMax"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_table_lists_what_is_counted()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        var counted = Names(await PageAsync(gateway), "depin_limit_reached_total");
        var listed = MarkdownTable.Rows(File.ReadAllText(RepositoryRoot.Of("gateway", "README.md")), "| name | past it |").Select(row => MarkdownTable.Code(row[0]));
        Assert.Equal(counted.Order(), listed.Order());
        Assert.Equal(Enum.GetNames<BrokerLimit>().Concat(Enum.GetNames<GatewayLimit>()).Concat(Shell).Order(), counted.Order());
    }

    [Fact]
    public async Task Amounts_stand_beside_their_limits()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        var page = await PageAsync(gateway);
        Assert.Equal(Names(page, "depin_limit"), Names(page, "depin_limit_used"));
        Assert.All(Names(page, "depin_limit"), name => Assert.InRange(page[$"depin_limit_used{{name=\"{name}\"}}"], 0, page[$"depin_limit{{name=\"{name}\"}}"]));
    }

    [Fact]
    public async Task A_full_inbox_is_counted_once_for_each_wait()
    {
        using var shell = SocketShell.Listen(IPAddress.Loopback, 0, 2, TimeProvider.System);
        shell.Start(); // nobody pumps
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, shell.Port, Cancel);
        socket.Send([1]);
        await UntilAsync(() => shell.InboxWaiting == 2); // the connection, and its first byte
        Assert.Equal(0, shell.Counters.InboxWaits);
        socket.Send([2]);
        await UntilAsync(() => shell.Counters.InboxWaits == 1);
        socket.Send([3]); // not read: the one that waits comes first
        Assert.Equal(1, shell.Counters.InboxWaits);
    }

    [Fact]
    public async Task A_question_too_many_is_refused_and_counted()
    {
        using var temp = new TempFolder();
        using var store = new HeldStore();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { StoreDecorator = store.Around });
        var loop = gateway.Host.Loop;
        // Answered when it is stored: the turn that opens the ledger is then behind us and not the one that is held.
        await loop.AskAsync((core, now) => core.Invite(new InviteAsked("", "", 0), now), Cancel);
        store.Hold();
        var waiting = new List<Task> { loop.AskAsync((core, now) => core.Invite(new InviteAsked("", "", 0), now), Cancel) };
        try
        {
            store.WaitUntilHeld(Cancel);
            for (var i = 0; i < 1_024; i++)
                waiting.Add(loop.AskAsync((_, _) => 1, Cancel));
            Assert.Equal((1_024, 0L), (loop.AsksWaiting, loop.AsksRefused));
            await Assert.ThrowsAsync<GatewayStoppedException>(() => loop.AskAsync((_, _) => 1, Cancel));
            Assert.Equal(1, loop.AsksRefused);
        }
        finally
        {
            store.Release();
        }
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_connection_too_many_is_closed_and_counted()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { HttpConnectionsMax = 2 });
        using (var first = Connected(gateway))
        using (var second = Connected(gateway))
        {
            await AnswersAsync(first);
            await AnswersAsync(second);
            using var third = Connected(gateway);
            Assert.Equal(0, await ReceiveAsync(third, new byte[1]));
        }
        Assert.Equal(1, (await PageAsync(gateway))["depin_limit_reached_total{name=\"HttpConnectionsMax\"}"]);
    }

    [Fact]
    public async Task A_stream_too_many_is_refused_and_counted()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { EventStreamsMax = 1 });
        var program = await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        var job = await gateway.Client.SubmitAsync(
            new JobSubmission { Program = program.Hash, Range = new JobRange(0, 1), PriceMicro = 0, Params = new Dictionary<string, ulong> { ["width"] = 500, ["limit"] = 500 } },
            null, Cancel);
        using var http = new HttpClient { BaseAddress = gateway.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Host.Token);
        using (var first = await http.GetAsync($"api/v1/jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.Equal(0, (await PageAsync(gateway))["depin_limit_reached_total{name=\"EventStreamsMax\"}"]);
            using var second = await http.GetAsync($"api/v1/jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        }
        Assert.Equal(1, (await PageAsync(gateway))["depin_limit_reached_total{name=\"EventStreamsMax\"}"]);
    }

    [Fact]
    public async Task A_viewer_too_many_is_refused_and_counted()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        using var http = new HttpClient { BaseAddress = gateway.Url };
        var viewers = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveFeed.ViewersMax; i++)
            viewers.Add(await http.GetAsync("live", HttpCompletionOption.ResponseHeadersRead, Cancel));
        Assert.All(viewers, one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
        Assert.Equal(0, (await PageAsync(gateway))["depin_limit_reached_total{name=\"ViewersMax\"}"]);
        using (var one = await http.GetAsync("live", HttpCompletionOption.ResponseHeadersRead, Cancel))
            Assert.Equal(HttpStatusCode.TooManyRequests, one.StatusCode);
        Assert.Equal(1, (await PageAsync(gateway))["depin_limit_reached_total{name=\"ViewersMax\"}"]);
        viewers.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A_body_too_large_is_refused_and_counted()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        using var http = new HttpClient { BaseAddress = gateway.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Host.Token);
        async Task<HttpStatusCode> SendAsync(int bytes)
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string(' ', bytes)));
            using var response = await http.PostAsync("api/v1/jobs", content, Cancel);
            return response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(8 << 20));
        Assert.Equal(0, (await PageAsync(gateway))["depin_limit_reached_total{name=\"JsonBytesMax\"}"]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync((8 << 20) + 1));
        Assert.Equal(1, (await PageAsync(gateway))["depin_limit_reached_total{name=\"JsonBytesMax\"}"]);
    }

    private static Socket Connected(TestGateway gateway)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, gateway.Host.HttpPort);
        return socket;
    }

    private static async Task AnswersAsync(Socket socket)
    {
        await socket.SendAsync("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray(), SocketFlags.None, Cancel);
        Assert.True(await ReceiveAsync(socket, new byte[512]) > 0);
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, Cancel);
        }
        catch (SocketException)
        {
            return 0; // reset
        }
    }

    /// <summary>The page, over a connection of its own; taken again while connections of the test still count.</summary>
    private static async Task<Exposition> PageAsync(TestGateway gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway.Url };
        return Exposition.Read(await http.GetStringAsync("metrics", Cancel));
    }

    private static string[] Names(Exposition page, string family) =>
        [.. page.Samples.Where(sample => sample.StartsWith(family + "{", StringComparison.Ordinal)).Select(sample => sample.Split('"')[1])];

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
