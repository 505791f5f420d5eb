using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DePinEdge.Client;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>One invocation of a command: its arguments, its writers, and the way to the gateway.</summary>
internal sealed class CliCall(ParseResult parsed, string data, string? gateway, bool json)
{
    /// <summary>The parsed command line.</summary>
    public ParseResult Parsed { get; } = parsed;

    /// <summary>The data folder named or the default one; not made.</summary>
    public DataFolder Data { get; } = DataFolder.At(data);

    /// <summary>True when machines read the output.</summary>
    public bool Json { get; } = json;

    public TextWriter Out => Parsed.InvocationConfiguration.Output;

    public TextWriter Error => Parsed.InvocationConfiguration.Error;

    /// <summary>True when a person looks at the output, so that colours and tables help.</summary>
    public bool IsTerminal => ReferenceEquals(Out, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>A client of the gateway that runs on the data folder, or at --gateway. Throws <see cref="HostException"/> when there is none.</summary>
    public DepinClient Connect()
    {
        if (gateway is not null && !(Uri.TryCreate(gateway, UriKind.Absolute, out var named) && (named.Scheme is "http" or "https")))
            throw new HostException($"--gateway {gateway} is no URL", "write it like http://127.0.0.1:8080", ExitCodes.Usage);
        var text = gateway ?? (EndpointFile.Read(Data) is { } running ? $"http://127.0.0.1:{running.HttpPort}/" : null);
        if (text is null)
            throw new HostException(
                $"no gateway runs on {Data.Path}", "start one with 'depin gateway run', or name its folder with --data", ExitCodes.Unreachable);
        try
        {
            return new DepinClient(new Uri(text), File.ReadAllText(Data.TokenFile).Trim());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"the API's token cannot be read: {failure.Message}", "name the gateway's data folder with --data", ExitCodes.BadData, failure);
        }
    }

    /// <summary>Writes a value as one line of JSON.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Writes a list: JSON lines, or a table.</summary>
    public int WriteList<T>(IReadOnlyList<T> items, JsonTypeInfo<T> type, TextTable table, Func<T, string[]> row)
    {
        if (Json)
            foreach (var item in items)
                WriteJson(item, type);
        else
        {
            foreach (var item in items)
                table.Add(row(item));
            table.Write(Out, IsTerminal);
        }
        return ExitCodes.Ok;
    }

    /// <summary>Writes one value: JSON, or lines of name and text.</summary>
    public int WriteOne<T>(T item, JsonTypeInfo<T> type, params (string Name, string Text)[] lines)
    {
        if (Json)
            WriteJson(item, type);
        else
            foreach (var (name, text) in lines)
                Out.WriteLine($"{name,-16}{text}");
        return ExitCodes.Ok;
    }
}
