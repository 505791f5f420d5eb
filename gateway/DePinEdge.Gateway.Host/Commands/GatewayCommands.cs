using System.CommandLine;
using System.Globalization;
using System.Net;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Host.Api;
using DePinEdge.Gateway.Host.Storage;
using Microsoft.Extensions.Logging.Console;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`gateway run`: the gateway itself, in the foreground.</summary>
internal static class GatewayCommands
{
    public static Command Create() => new("gateway", "The gateway itself.") { Run() };

    private static Command Run()
    {
        var defaults = new GatewayHostOptions { DataFolder = DataFolder.Default };
        var data = Cli.DataOption();
        var mqttPort = new Option<int>("--mqtt-port") { Description = "The broker's port; 0 takes a free one.", DefaultValueFactory = _ => defaults.MqttPort };
        var httpPort = new Option<int>("--http-port") { Description = "The API's port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => defaults.HttpPort };
        var bind = new Option<string>("--bind") { Description = "Address the broker listens on; 0.0.0.0 lets boards of the network in.", DefaultValueFactory = _ => "127.0.0.1" };
        var site = new Option<string>("--site") { Description = "The site's name, part of every topic; fixed once the ledger is open.", DefaultValueFactory = _ => defaults.Gateway.Site };
        var linger = new Option<int>("--linger-ms") { Description = "Least time between two commits under load: 20 for an SSD, 100 for an SD card.", DefaultValueFactory = _ => defaults.LingerMs };
        var joins = new Option<int>("--join-attempts") { Description = "Join messages a minute from one address; a fleet that joins behind one router needs two a board.", DefaultValueFactory = _ => defaults.Gateway.JoinAttemptsPerAddress };
        var connections = new Option<int>("--connections-per-address") { Description = "MQTT connections at once from one address (an IPv6 /64); raise it for a fleet behind one router.", DefaultValueFactory = _ => defaults.Gateway.DefaultBroker().MaxConnectionsPerAddress };
        var json = new Option<bool>("--json") { Description = "Print the ports as one line of JSON when ready." };
        var command = new Command(
            "run", "Run the gateway until Ctrl+C or SIGTERM.\nExample: depin gateway run --data ./site --bind 0.0.0.0 --site garden")
        {
            data, mqttPort, httpPort, bind, site, linger, joins, connections, json,
        };
        command.SetAction((parsed, cancel) => Cli.GuardAsync(parsed.InvocationConfiguration.Error, () =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(bind), out var address))
                throw new HostException($"'{parsed.GetValue(bind)}' is no IP address", "use --bind 127.0.0.1 or --bind 0.0.0.0", ExitCodes.Usage);
            var gateway = new GatewayOptions { Site = parsed.GetValue(site)!, JoinAttemptsPerAddress = parsed.GetValue(joins) };
            return RunAsync(
                defaults with
                {
                    DataFolder = parsed.GetValue(data)!,
                    MqttPort = parsed.GetValue(mqttPort),
                    HttpPort = parsed.GetValue(httpPort),
                    Bind = address,
                    LingerMs = parsed.GetValue(linger),
                    Gateway = gateway,
                    Broker = gateway.DefaultBroker() with { MaxConnectionsPerAddress = parsed.GetValue(connections) },
                },
                parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(GatewayHostOptions options, bool json, TextWriter output, CancellationToken cancel)
    {
        using var logs = Logs();
        await using var host = await GatewayHost.StartAsync(options with { Logs = logs }, cancel);
        var folder = Path.GetFullPath(options.DataFolder);
        await output.WriteLineAsync(json
            ? System.Text.Json.JsonSerializer.Serialize(new EndpointFile(Environment.ProcessId, host.HttpPort, host.MqttPort), ApiJson.Default.EndpointFile)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"DePinEdge gateway {ApiServer.Version}   http://127.0.0.1:{host.HttpPort}   mqtt://{options.Bind}:{host.MqttPort}   data: {folder}"));
        await output.FlushAsync(cancel);
        var stop = new TaskCompletionSource();
        using (cancel.Register(() => stop.TrySetResult()))
            await Task.WhenAny(host.Completion, stop.Task);
        await host.StopAsync();
        return await host.Completion;
    }

    /// <summary>Lines for people on a terminal, JSON otherwise; always on standard error.</summary>
    private static ILoggerFactory Logs() => LoggerFactory.Create(builder =>
    {
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start is said once, by the command
        if (Console.IsErrorRedirected)
            builder.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else
            builder.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
