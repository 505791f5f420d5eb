using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using DePinEdge.Client;

namespace DePinEdge.Benchmarks;

/// <summary>`depin gateway run` as an operator starts it: a process of its own, a fresh folder, free ports. Its log is kept; disposing ends
/// the process, by its own id, if it still runs.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly bool ownsFolder;
    private readonly HttpClient http = new();
    private readonly Task reading;

    private GatewayProcess(Process process, string folder, bool ownsFolder, int mqttPort, int httpPort)
    {
        this.process = process;
        this.folder = folder;
        this.ownsFolder = ownsFolder;
        MqttPort = mqttPort;
        HttpPort = httpPort;
        Token = File.ReadAllText(Path.Combine(folder, "token"));
        Client = new DepinClient(new Uri($"http://127.0.0.1:{httpPort}/"), Token);
        http.BaseAddress = new Uri($"http://127.0.0.1:{httpPort}/");
        reading = ReadLogAsync();
    }

    public int MqttPort { get; }

    public int HttpPort { get; }

    public string Token { get; }

    public DepinClient Client { get; }

    /// <summary>The process, for /proc.</summary>
    public int Id => process.Id;

    public string Folder => folder;

    /// <summary>True once it has ended.</summary>
    public bool Ended => process.HasExited;

    /// <summary>Lines of its log that no healthy gateway writes: errors, critical ones, exceptions.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public static async Task<GatewayProcess> StartAsync(string data, CancellationToken cancel)
    {
        var ownsFolder = data.Length == 0;
        var folder = ownsFolder ? Directory.CreateTempSubdirectory("depin-load-").FullName : Path.GetFullPath(data);
        var start = new ProcessStartInfo("dotnet", [
            typeof(DePinEdge.Gateway.Host.GatewayHost).Assembly.Location, "gateway", "run", "--data", folder, "--mqtt-port", "0", "--http-port", "0",
            "--join-attempts", "1000000000", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Garbage may pile up to the size of the processor's cache before it is looked at. Collecting sooner, every 4 MB, costs little
        // and leaves in memory what the gateway keeps: a leak shows in a minute instead of an hour.
        start.Environment["DOTNET_GCgen0size"] = "400000";
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancel)
            ?? throw new InvalidOperationException($"the gateway did not start: {await process.StandardError.ReadToEndAsync(cancel)}");
        using var ready = JsonDocument.Parse(line);
        return new GatewayProcess(
            process, folder, ownsFolder, ready.RootElement.GetProperty("mqtt_port").GetInt32(), ready.RootElement.GetProperty("http_port").GetInt32());
    }

    /// <summary>GET /metrics.</summary>
    public async Task<Metrics> MetricsAsync(CancellationToken cancel) => Metrics.Parse(await http.GetStringAsync("metrics", cancel));

    /// <summary>Asks it to stop as a service manager does, and waits; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!process.HasExited)
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
                await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        await reading;
        return process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
        Client.Dispose();
        http.Dispose();
        if (ownsFolder)
            Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task ReadLogAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
            if (line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal)
                || line.Contains("Exception", StringComparison.Ordinal) || !line.StartsWith('{'))
                Faults.Enqueue(line);
    }
}
