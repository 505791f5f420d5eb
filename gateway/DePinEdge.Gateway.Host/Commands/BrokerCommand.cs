using System.CommandLine;
using System.Net;
using System.Text.Json;
using DePinEdge.Gateway.Host.Transport;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`broker run`: the MQTT broker alone, open to anybody and forgetting everything: for measurements and for trying clients.</summary>
internal static class BrokerCommand
{
    public static Command Create() => new("broker", "The MQTT broker alone.") { Run() };

    private static Command Run()
    {
        var port = new Option<int>("--port") { Description = "TCP port; 0 takes a free one.", DefaultValueFactory = _ => 1883 };
        var bind = new Option<string>("--bind") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var json = new Option<bool>("--json") { Description = "Print the port when ready and the counters at the end as JSON lines." };
        var command = new Command(
            "run", "Run the broker until Ctrl+C; any client may publish and subscribe, nothing is kept.\nExample: depin broker run --port 1883") { port, bind, json };
        command.SetAction((parsed, cancel) => Cli.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(bind), out var address))
                throw new HostException($"'{parsed.GetValue(bind)}' is no IP address", "use --bind 127.0.0.1 or --bind 0.0.0.0", ExitCodes.Usage);
            var output = parsed.InvocationConfiguration.Output;
            using var shell = SocketShell.Listen(address, parsed.GetValue(port), new GatewayHostOptions { DataFolder = "." }.InboxMax, TimeProvider.System, "--port");
            var loop = new BrokerLoop(shell, TimeProvider.System);
            loop.Start();
            output.WriteLine(parsed.GetValue(json) ? $$"""{"port":{{shell.Port}}}""" : $"MQTT broker   mqtt://{address}:{shell.Port}   (Ctrl+C stops)");
            await output.FlushAsync(CancellationToken.None);
            using (cancel.Register(loop.RequestStop))
                await loop.Completion;
            var summary = loop.Summary();
            output.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(summary, CliJson.Default.BrokerSummary)
                : string.Join('\n', summary.Lines().Select(line => $"{line.Name,-24}{Show.Count(line.Value)}")));
            return ExitCodes.Ok;
        }));
        return command;
    }
}
