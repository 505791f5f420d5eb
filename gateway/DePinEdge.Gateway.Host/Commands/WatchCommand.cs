using System.CommandLine;
using System.Globalization;
using System.Text;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;
using Microsoft.Win32.SafeHandles;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`watch`: what a dashboard sees, by MQTT: a screen on a terminal, a line of JSON for each message elsewhere.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1), RedrawAfter = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var data = Cli.DataOption();
        var mqtt = new Option<string?>("--mqtt") { Description = "The broker as HOST:PORT; by default that of the gateway on the data folder." };
        var filter = new Option<string>("--filter") { Description = "The topic filter.", DefaultValueFactory = _ => "depin/v1/+/#" };
        var count = new Option<long>("--count") { Description = "End after so many messages; 0: go on.", DefaultValueFactory = _ => 0 };
        var seconds = new Option<double>("--seconds") { Description = "End after so many seconds; 0: go on.", DefaultValueFactory = _ => 0 };
        return Cli.LocalVerb("watch", "Watch devices, jobs and events live.", "depin watch --filter 'depin/v1/+/event/#' --json", [filter, count, seconds, mqtt, data], async (call, cancel) =>
        {
            var wanted = call.Parsed.GetValue(filter)!;
            if (!TopicFilter.IsValid(wanted))
                throw new HostException($"'{wanted}' is no topic filter", "write one like depin/v1/+/#", ExitCodes.Usage);
            if (call.Parsed.GetValue(count) < 0 || call.Parsed.GetValue(seconds) is < 0 or > 1e9 or double.NaN)
                throw new HostException("--count and --seconds are not negative", "leave them out to go on until Ctrl+C", ExitCodes.Usage);
            Func<MqttClientOptions> broker = call.Parsed.GetValue(mqtt) is { } named ? () => Named(named) : () => Of(DataFolder.At(call.Parsed.GetValue(data)!));
            var screen = call.IsTerminal && !call.Json ? new WatchScreen(call.Out) : null;
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (call.Parsed.GetValue(seconds) is > 0 and var limit)
                ending.CancelAfter(TimeSpan.FromSeconds(limit));
            var (lines, reader) = Lines(call);
            try
            {
                await WatchAsync(call, lines, broker, wanted, call.Parsed.GetValue(count), screen, ending.Token);
            }
            catch (IOException) when (reader is not null)
            {
                // Who read the pipe has enough (`| head`): another way for watching to end.
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // Ctrl+C and the end of the time are how watching ends.
            }
            return ExitCodes.Ok;
        });
    }

    /// <summary>
    /// Where lines go. The console's own writer swallows a pipe that nobody reads any more, and watching would go on unseen for ever;
    /// so a pipe is written as a file, which fails then.
    /// </summary>
    private static (TextWriter Lines, FileStream? Pipe) Lines(CliCall call)
    {
        if (OperatingSystem.IsWindows() || !ReferenceEquals(call.Out, Console.Out) || !Console.IsOutputRedirected)
            return (call.Out, null);
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? (call.Out, null) : (new StreamWriter(pipe, new UTF8Encoding(false)) { AutoFlush = true }, pipe);
    }

    private static async Task WatchAsync(CliCall call, TextWriter lines, Func<MqttClientOptions> broker, string filter, long count, WatchScreen? screen, CancellationToken cancel)
    {
        var seen = 0L;
        for (var connected = false; ;)
        {
            string why;
            await using var client = new MqttClient();
            try
            {
                var answer = await client.ConnectAsync(broker(), cancel);
                if (!answer.Accepted)
                    throw new HostException($"the broker refused: {answer.Code} {answer.Reason}", "watch on the gateway's own machine", ExitCodes.Failed);
                if (await client.SubscribeAsync(filter, QoS.AtLeastOnce, cancel) >= ReasonCode.UnspecifiedError)
                    throw new HostException($"the broker does not allow the filter {filter}", "depin/v1/+/# is public", ExitCodes.Failed);
                connected = true;
                screen?.Connected();
                while (await WaitAsync(client, screen, cancel))
                    while (client.Messages.TryRead(out var message))
                    {
                        if (screen is null)
                            lines.WriteLine(WatchLine.Of(message));
                        else
                            screen.Take(message.Topic, message.Payload);
                        if (++seen == count)
                            return;
                    }
                why = (await client.Closed).Reason;
            }
            catch (Exception failure) when (connected && failure is MqttException or HostException { ExitCode: ExitCodes.Unreachable })
            {
                why = failure.Message;
            }
            catch (MqttException failure)
            {
                throw new HostException(failure.Message, "start a gateway with 'depin gateway run', or name its broker with --mqtt", ExitCodes.Unreachable, failure);
            }
            if (!connected)
                throw new HostException(why, "start one with 'depin gateway run', or name its folder with --data", ExitCodes.Unreachable);
            screen?.Lost(why);
            if (screen is null)
                await call.Error.WriteLineAsync($"the gateway is away ({why}); trying again");
            await Task.Delay(RetryAfter, cancel);
        }
    }

    /// <summary>True when a message waits; meanwhile the screen is drawn. False when the connection ended.</summary>
    private static async Task<bool> WaitAsync(MqttClient client, WatchScreen? screen, CancellationToken cancel)
    {
        var waiting = client.Messages.WaitToReadAsync(cancel).AsTask();
        while (screen is not null && !waiting.IsCompleted)
        {
            screen.Draw();
            await Task.WhenAny(waiting, Task.Delay(RedrawAfter, cancel));
        }
        screen?.DrawIfOld();
        return await waiting;
    }

    private static MqttClientOptions Of(DataFolder folder) => EndpointFile.Read(folder) is { } running
        ? new MqttClientOptions { Port = running.MqttPort }
        : throw new HostException($"no gateway runs on {folder.Path}", "start one with 'depin gateway run', or name its folder with --data", ExitCodes.Unreachable);

    private static MqttClientOptions Named(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
            throw new HostException($"'{text}' is no broker", "write it like 127.0.0.1:1883", ExitCodes.Usage);
        return new MqttClientOptions { Host = text[..colon], Port = port };
    }
}
