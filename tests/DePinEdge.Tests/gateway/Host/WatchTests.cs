using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Commands;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>`depin watch` on a running gateway, and its screen.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TempFolder temp = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Watch_prints_a_line_of_json_for_each_message_and_ends_after_the_count()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        foreach (var way in new[] { new[] { "--data", gateway.Folder }, ["--mqtt", $"127.0.0.1:{gateway.Host.MqttPort}"] })
        {
            var (code, output, error) = await RunAsync(["watch", "--count", "2", .. way]);
            Assert.Equal((ExitCodes.Ok, ""), (code, error));
            var lines = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).OrderBy(line => line.GetProperty("topic").GetString()).ToArray();
            Assert.Equal(["depin/v1/home/gateway/info", "depin/v1/home/gateway/status"], lines.Select(line => line.GetProperty("topic").GetString()));
            Assert.Equal(JsonValueKind.Object, lines[0].GetProperty("payload").ValueKind);
            Assert.Equal("online", lines[1].GetProperty("payload").GetString());
        }
    }

    [Fact]
    public async Task Watch_ends_when_nobody_reads_its_pipe_any_more()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var gateway = await TestGateway.StartAsync(temp);
        var depin = Path.Combine(AppContext.BaseDirectory, "depin");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{{ '{depin}' watch --json --data '{gateway.Folder}'; echo $? >&2; }} | head -n 1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var pipe = Process.Start(start)!;
        var error = pipe.StandardError.ReadToEndAsync(Cancel);
        Assert.StartsWith("{\"topic\":", await pipe.StandardOutput.ReadToEndAsync(Cancel), StringComparison.Ordinal);

        // Head has gone; what is said next finds that out.
        for (var i = 0; !pipe.HasExited; i++)
        {
            await gateway.Client.IssueAsync("local", 1, Cancel);
            await gateway.Client.SealAsync(Cancel);
            await Task.WhenAny(pipe.WaitForExitAsync(Cancel), Task.Delay(20, Cancel));
            Assert.True(i < 1_000, "watch goes on for nobody");
        }
        Assert.Equal("0\n", await error);
    }

    [Fact]
    public async Task Watch_ends_after_its_time_with_nothing_to_see()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var (code, output, error) = await RunAsync(["watch", "--filter", "nothing/here", "--seconds", "0.2", "--data", gateway.Folder]);
        Assert.Equal((ExitCodes.Ok, "", ""), (code, output, error));
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "--filter", "a/#/b")]
    [InlineData(ExitCodes.Usage, "--mqtt", "nowhere")]
    [InlineData(ExitCodes.Usage, "--mqtt", "host:0")]
    [InlineData(ExitCodes.Usage, "--count", "-1")]
    [InlineData(ExitCodes.Unreachable, "--seconds", "5")]
    [InlineData(ExitCodes.Unreachable, "--mqtt", "127.0.0.1:1")]
    public async Task Watch_says_what_is_wrong(int expected, params string[] args)
    {
        var (code, output, error) = await RunAsync(["watch", "--data", temp.At("none"), .. args]);
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains("hint: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_waits_for_a_gateway_that_went_away_and_goes_on()
    {
        var gateway = await TestGateway.StartAsync(temp);
        var folder = gateway.Folder;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var output = new SignalWriter("\"online\"");
        using var error = new SignalWriter("is away");
        var running = RootCommands.RunAsync(["watch", "--filter", "depin/v1/+/gateway/status", "--data", folder], output, error, stop.Token);
        await output.Seen.WaitAsync(Cancel);
        await gateway.DisposeAsync();
        await error.Seen.WaitAsync(Cancel);
        output.Again();
        await using var next = await TestGateway.StartAsync(temp);
        await output.Seen.WaitAsync(Cancel);
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Contains("\"offline\"", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_screen_shows_devices_jobs_and_the_last_events_and_nothing_moves_its_cursor()
    {
        var screen = new WatchScreen(TextWriter.Null);
        screen.Connected();
        Take("device/porch/status", "online");
        Take("device/porch/state", """{"state":"ready","since":1}""");
        Take("device/porch/info", """{"name":"porch","unit":"esp32-1"}""");
        Take("device/porch/telemetry/env", """{"t":1,"seq":1,"temperature":21.4}""");
        Take("device/porch/telemetry/system", """{"t":1,"seq":1,"rssi":-61,"tasks_ok":17}""");
        Take("job/j2/progress", """{"state":"running","done":5,"total":10,"rate":2.5,"eta_s":2,"credits":0.5}""");
        Take("job/j10/progress", """{"state":"completed","done":10,"total":10,"rate":0,"credits":1}""");
        for (var n = 1; n <= 200; n++)
            Take("event/device.lost", $$"""{"time":"T{{n}}","type":"device.lost","subject":"a\u001b[2Jb","data":{"detail":"gone"} }""");
        var lines = screen.Lines(100, 24).ToArray();
        Assert.True(lines.Length <= 23, $"{lines.Length} lines on a screen of 24");
        Assert.All(lines, line => Assert.True(line.Length <= 100 && !line.Any(char.IsControl), line));
        Assert.Contains(lines, line => line.StartsWith("home/porch ", StringComparison.Ordinal) && line.Contains("ready", StringComparison.Ordinal)
            && line.Contains("21.4", StringComparison.Ordinal) && line.Contains("-61", StringComparison.Ordinal) && line.Contains("17", StringComparison.Ordinal));
        Assert.Equal(["home/j10", "home/j2"], lines.Where(line => line.StartsWith("home/j", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
        Assert.Contains(lines, line => line.Contains("[######------] 5/10", StringComparison.Ordinal));
        Assert.StartsWith("T200 ", lines[^1], StringComparison.Ordinal);
        Take("job/j10/progress", "");
        Assert.DoesNotContain(screen.Lines(100, 24), line => line.Contains("j10", StringComparison.Ordinal));

        void Take(string topic, string payload) => screen.Take("depin/v1/home/" + topic, Encoding.UTF8.GetBytes(payload));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RootCommands.RunAsync(args, output, error, Cancel);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Tells when a line with the word was written.</summary>
    private sealed class SignalWriter(string word) : StringWriter
    {
        private TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public void Again() => seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(word, StringComparison.Ordinal) == true)
                seen.TrySetResult();
        }

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            return Task.CompletedTask;
        }
    }
}
