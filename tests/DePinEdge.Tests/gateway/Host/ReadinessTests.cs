using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DePinEdge.Gateway.Host;
using DePinEdge.Mqtt.Broker;
using Microsoft.Extensions.Logging;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>/readyz: each thing that stands in the way of work is said with 503; and what a peer does that goes away is nobody's fault.</summary>
public sealed class ReadinessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_gateway_is_ready()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        Assert.Empty(await ProblemsAsync(gateway));
        Assert.Empty(Directory.GetFiles(gateway.Folder, "probe"));
    }

    [Fact]
    public async Task A_database_that_is_gone_is_said()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        var database = Path.Combine(gateway.Folder, "ledger.db");
        File.Move(database, database + ".away");
        Assert.Contains("is gone", Assert.Single(await ProblemsAsync(gateway)), StringComparison.Ordinal);
        File.Move(database + ".away", database);
        Assert.Empty(await ProblemsAsync(gateway));
    }

    [Fact]
    public async Task A_broker_with_all_its_connections_is_said()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { Broker = new BrokerOptions { MaxConnections = 1 } });
        using (var client = new RawMqtt(gateway.Host.MqttPort))
        {
            client.Connect("one");
            Assert.Equal(0x20, client.Read().Type);
            Assert.Contains("MaxConnections", Assert.Single(await ProblemsAsync(gateway)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1_000, false)]
    [InlineData(-1_001, true)]
    public async Task A_clock_before_the_last_record_is_said_also_after_a_restart(int stepMs, bool said)
    {
        using var temp = new TempFolder();
        await using (var first = await TestGateway.StartAsync(temp, options => options with { Clock = new StoppedClock(0) }))
            await first.Client.InviteAsync(cancel: Cancel);
        await using var second = await TestGateway.StartAsync(temp, options => options with { Clock = new StoppedClock(stepMs) });
        var problems = await ProblemsAsync(second);
        Assert.Equal(said, problems.Any(problem => problem.Contains("the clock is 1.001 s before the last record", StringComparison.Ordinal)));
        Assert.Equal(said ? 1 : 0, problems.Count);
    }

    [Fact]
    public async Task A_peer_that_goes_in_the_middle_of_its_request_leaves_no_error_in_the_log()
    {
        using var temp = new TempFolder();
        using var logs = new Errors();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { Logs = logs });
        for (var i = 0; i < 20; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Host.HttpPort, Cancel);
            await socket.SendAsync(
                System.Text.Encoding.ASCII.GetBytes(
                    $"POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {gateway.Host.Token}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"),
                SocketFlags.None, Cancel);
            // The handler reads the body: it has asked for it.
            Assert.True(await socket.ReceiveAsync(new byte[64], SocketFlags.None, Cancel) > 0);
            socket.LingerState = new LingerOption(true, 0);
        }
        using var http = new HttpClient { BaseAddress = gateway.Url };
        while (!(await http.GetStringAsync("metrics", Cancel)).Contains("depin_http_connections 1\n", StringComparison.Ordinal))
            await Task.Yield();
        Assert.Empty(logs.Lines);
    }

    private static async Task<List<string>> ProblemsAsync(TestGateway gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway.Url };
        using var response = await http.GetAsync("readyz", Cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancel));
        var problems = body.RootElement.GetProperty("problems").EnumerateArray().Select(one => one.GetString()!).ToList();
        Assert.Equal(problems.Count == 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(problems.Count == 0, body.RootElement.GetProperty("ready").GetBoolean());
        return problems;
    }

    /// <summary>A wall clock that stands still; timers and timestamps are the system's.</summary>
    private sealed class StoppedClock(int stepMs) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_795_330_000_000 + stepMs);
    }

    private sealed class Errors : ILoggerFactory, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
            // There is one reader: the test.
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
