using System.Text.Json;

namespace DePinEdge.Interop;

/// <summary>`depin broker run` as a process of its own on a free port, as a user starts it.</summary>
internal sealed class OurBroker : IAsyncDisposable
{
    private readonly Tool tool;

    private OurBroker(Tool tool, int port)
    {
        this.tool = tool;
        Port = port;
    }

    public int Port { get; }

    public static async Task<OurBroker> StartAsync()
    {
        var tool = Tool.Start("dotnet", typeof(DePinEdge.Gateway.Host.GatewayHost).Assembly.Location, "broker", "run", "--port", "0", "--json");
        using var ready = JsonDocument.Parse(await tool.LineAsync());
        return new OurBroker(tool, ready.RootElement.GetProperty("port").GetInt32());
    }

    public ValueTask DisposeAsync() => tool.DisposeAsync();
}
