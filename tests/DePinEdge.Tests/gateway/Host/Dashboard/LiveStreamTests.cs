using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DePinEdge.Client;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Host.Dashboard;

/// <summary>The page's live stream of a whole gateway, over real HTTP.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();
    private readonly HttpClient http = new();
    private TestGateway gateway = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(temp);
        http.BaseAddress = gateway.Url;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway.DisposeAsync();
        temp.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task The_first_event_is_the_whole_state_and_the_next_only_what_changed()
    {
        using var stream = await EventReader.OpenAsync(http);
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", stream.Response.Headers.CacheControl!.ToString());
        var (kind, id, state) = (await stream.NextAsync())!.Value;
        Assert.Equal("state", kind);
        Assert.EndsWith("-1", id, StringComparison.Ordinal);
        Assert.Equal("home", state.GetProperty("gateway").GetProperty("site").GetString());
        Assert.Equal(gateway.Host.MqttPort, state.GetProperty("gateway").GetProperty("mqtt_port").GetInt32());
        foreach (var list in new[] { "devices", "units", "jobs", "accounts", "receipts" })
            Assert.Equal(0, state.GetProperty(list).GetArrayLength());

        await gateway.Client.IssueAsync("alice", 5_000_000, Cancel);
        var (next, nextId, change) = (await stream.NextAsync())!.Value;
        Assert.Equal("change", next);
        Assert.EndsWith("-2", nextId, StringComparison.Ordinal);
        Assert.Equal(5_000_000, change.GetProperty("ledger").GetProperty("issued_micro").GetInt64());
        Assert.Equal(["req:alice", "sys:treasury"], change.GetProperty("accounts").GetProperty("set").EnumerateArray().Select(a => a.GetProperty("id").GetString()));
        foreach (var same in new[] { "gateway", "devices", "units", "jobs", "receipts" })
            Assert.False(change.TryGetProperty(same, out _), $"{same} did not change");
    }

    [Fact(Timeout = 30_000)]
    public async Task Who_comes_back_gets_what_was_missed_and_a_stranger_to_this_run_everything()
    {
        using var first = await EventReader.OpenAsync(http);
        var id = (await first.NextAsync())!.Value.Id;
        await gateway.Client.IssueAsync("alice", 1, Cancel);
        var missed = (await first.NextAsync())!.Value;

        using var back = await EventReader.OpenAsync(http, id);
        var again = (await back.NextAsync())!.Value;
        Assert.Equal(("change", missed.Id, missed.Data.GetRawText()), (again.Kind, again.Id, again.Data.GetRawText()));
        foreach (var odd in new[] { "0-1", "x", missed.Id + "9", id[..^1] + "-1" })
        {
            using var other = await EventReader.OpenAsync(http, odd);
            Assert.Equal(("state", missed.Id), ((await other.NextAsync()) is { } whole ? (whole.Kind, whole.Id) : default));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_jobs_progress_is_seen_while_it_runs_and_at_its_end()
    {
        // At a board's pace, so that the job lasts longer than the time between two events.
        await using var fleet = await JoinAsync(Pace.Board, "esp32-01", "esp32-02");
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        await gateway.Client.IssueAsync("local", 1_000_000_000, Cancel);
        using var stream = await EventReader.OpenAsync(http);
        var state = (await stream.NextAsync())!.Value.Data;
        var devices = state.GetProperty("devices").EnumerateArray().ToDictionary(device => device.GetProperty("id").GetString()!);
        Assert.Equal(["esp32-01", "esp32-02"], devices.Keys);
        // A board's first session ends with its new key.
        while (devices.Values.Any(device => device.GetProperty("state").GetString() != "ready"))
            if ((await stream.NextAsync())!.Value.Data.TryGetProperty("devices", out var changed))
                foreach (var device in changed.GetProperty("set").EnumerateArray())
                    devices[device.GetProperty("id").GetString()!] = device;
        Assert.All(devices.Values, device => Assert.True(device.GetProperty("since_utc_ms").GetInt64() > 0));
        Assert.Equal(1, state.GetProperty("units").GetArrayLength());

        await gateway.Client.SubmitAsync(
            new JobSubmission { Program = "primes", Range = new JobRange(0, 60), Params = new Dictionary<string, ulong> { ["width"] = 500, ["limit"] = 30_000 } },
            null, Cancel);
        var progress = new List<long>();
        var receipts = 0;
        while (true)
        {
            var change = (await stream.NextAsync())!.Value.Data;
            receipts = change.TryGetProperty("receipts", out var lines) ? lines.GetArrayLength() : receipts;
            if (!change.TryGetProperty("jobs", out var jobs))
                continue;
            var job = jobs.GetProperty("set").EnumerateArray().Single();
            progress.Add(job.GetProperty("done").GetInt64());
            if (job.GetProperty("state").GetString() == "completed")
            {
                Assert.Equal("3245", job.GetProperty("answer").GetString());
                break;
            }
        }
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(60, progress[^1]);
        Assert.True(progress.Distinct().Count() >= 3, $"progress was seen only as {string.Join(", ", progress)}");
        Assert.True(receipts > 0, "no receipt was seen");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_last_place_is_given_and_the_one_past_it_refused_counted_and_free_again()
    {
        var streams = new List<EventReader>();
        for (var i = 0; i < LiveFeed.ViewersMax; i++)
        {
            streams.Add(await EventReader.OpenAsync(http));
            Assert.Equal("state", (await streams[i].NextAsync())!.Value.Kind);
        }
        using (var refused = await http.GetAsync("live", Cancel))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
            Assert.Contains("\"limit-reached\"", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
        var live = await StatusAsync();
        Assert.Equal((LiveFeed.ViewersMax, LiveFeed.ViewersMax, 1), (live.GetProperty("viewers").GetInt32(), live.GetProperty("opened").GetInt32(), live.GetProperty("refused").GetInt32()));

        // One goes: its place is free as soon as the gateway has noticed, at the latest with the next event.
        streams[0].Dispose();
        await gateway.Client.IssueAsync("alice", 1, Cancel);
        while ((await StatusAsync()).GetProperty("viewers").GetInt32() == LiveFeed.ViewersMax)
            await gateway.Client.IssueAsync("alice", 1, Cancel);
        using var late = await EventReader.OpenAsync(http);
        Assert.Equal("state", (await late.NextAsync())!.Value.Kind);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact(Timeout = 60_000)]
    public async Task All_viewers_share_one_question_and_nobody_looking_means_none()
    {
        Assert.Equal(0, (await StatusAsync()).GetProperty("looks").GetInt64());
        var streams = new List<EventReader>();
        for (var i = 0; i < 8; i++)
            streams.Add(await EventReader.OpenAsync(http));
        foreach (var stream in streams)
            await stream.NextAsync();
        for (var change = 1; change <= 4; change++)
        {
            await gateway.Client.IssueAsync("alice", 1, Cancel);
            foreach (var stream in streams)
                await stream.NextAsync();
        }
        var live = await StatusAsync();
        Assert.Equal(4, live.GetProperty("changes").GetInt64());
        // Four changes at a look each 250 ms; eight viewers with a question each would have asked forty times.
        Assert.InRange(live.GetProperty("looks").GetInt64(), 5, 20);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_viewer_that_does_not_read_holds_nobody_up()
    {
        using var stuck = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1_024 };
        await stuck.ConnectAsync(IPAddress.Loopback, gateway.Host.HttpPort, Cancel);
        await stuck.SendAsync(Encoding.ASCII.GetBytes("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), Cancel);
        using var stream = await EventReader.OpenAsync(http);
        await stream.NextAsync();
        for (var amount = 1; amount <= 5; amount++)
        {
            await gateway.Client.IssueAsync("alice", 1, Cancel);
            var change = (await stream.NextAsync())!.Value.Data;
            Assert.Equal(amount, change.GetProperty("ledger").GetProperty("issued_micro").GetInt64());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_secret_appears()
    {
        var invite = await gateway.Client.InviteAsync("greenhouse-1", "alice", 60_000, Cancel);
        await using var fleet = await JoinAsync(Pace.None, "esp32-01");
        using var stream = await EventReader.OpenAsync(http);
        var text = (await stream.NextAsync())!.Value.Data.GetRawText();
        Assert.DoesNotContain(gateway.Host.Token, text, StringComparison.OrdinalIgnoreCase);
        foreach (var part in invite.JoinCode.Split('-'))
            Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("key", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_gateway_that_stops_ends_its_streams_at_once()
    {
        using var stream = await EventReader.OpenAsync(http);
        await stream.NextAsync();
        var stopping = gateway.Host.StopAsync();
        while (await stream.NextAsync() is not null)
            continue;
        await stopping;
    }

    private async Task<SimulatedFleet> JoinAsync(Pace pace, params string[] names)
    {
        var specs = new List<BoardSpec>();
        foreach (var name in names)
            specs.Add(new BoardSpec(name, BoardProfile.Esp32, new MemoryKeyStore(), (await gateway.Client.InviteAsync(name, cancel: Cancel)).JoinCode, (ulong)specs.Count + 1));
        var fleet = new SimulatedFleet(new FleetOptions { Port = gateway.Host.MqttPort, Pace = pace }, specs);
        fleet.Start();
        await fleet.WhenAsync(f => f.Boards.All(board => board.Counters is { Online: true, Connects: >= 3 }), Cancel); // join, first session, new key
        return fleet;
    }

    private async Task<JsonElement> StatusAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/status");
        request.Headers.Authorization = new("Bearer", gateway.Host.Token);
        using var response = await http.SendAsync(request, Cancel);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("live");
    }
}
