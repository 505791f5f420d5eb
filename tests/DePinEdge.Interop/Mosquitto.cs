using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DePinEdge.Interop;

/// <summary>Debian's broker on a free port of the loopback address, with nothing but this test's settings; what it does is read from its log.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly Tool tool;
    private readonly string folder;

    private Mosquitto(Tool tool, string folder, int port)
    {
        this.tool = tool;
        this.folder = folder;
        Port = port;
    }

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("depin-mosquitto-").FullName;
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var settings = Path.Combine(folder, "settings");
            await File.WriteAllLinesAsync(
                settings,
                [
                    string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1"),
                    "allow_anonymous true",
                    "persistence false",
                    "log_dest stdout",
                    "log_type all",
                ],
                Tool.Cancel);
            var tool = Tool.Start("mosquitto", "-c", settings);
            var line = await tool.LineAsync(line => line.Contains(" running", StringComparison.Ordinal) || line.Contains("Error", StringComparison.Ordinal));
            if (line.Contains(" running", StringComparison.Ordinal))
                return new Mosquitto(tool, folder, port);
            await tool.DisposeAsync();
            // Somebody else took the port between our look and its start.
            Assert.True(attempt < 5 && line.Contains("in use", StringComparison.Ordinal), line);
        }
    }

    /// <summary>Waits for a line of its log that holds this text.</summary>
    public Task<string> LogAsync(string text) => tool.LineAsync(line => line.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await tool.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
