// gateway/asyncapi.yaml as tests use it.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>The channels of the document with their references followed, and a check of payloads against their schemas.</summary>
internal sealed class AsyncApi
{
    private readonly JsonNode root = PlainYaml.Read(File.ReadAllText(RepositoryRoot.Of("gateway", "asyncapi.yaml")));

    public AsyncApi()
    {
        foreach (var (name, channel) in root["channels"]!.AsObject())
            Channels.Add(Read(name, channel!));
    }

    /// <summary>A channel: its operation's action, QoS and retain flag, and the schema of its one message.</summary>
    public sealed record Channel(string Name, string Address, string Action, int QoS, bool Retain, JsonObject Payload, JsonObject Node)
    {
        /// <summary>True when a topic has the address's form.</summary>
        public bool Has(string topic) => Regex.IsMatch(topic, "^" + Regex.Replace(Address, @"\{\w+\}", "[^/]+") + "$");
    }

    public List<Channel> Channels { get; } = [];

    public JsonNode Root => root;

    public Channel Of(string topic) => Channels.Where(channel => channel.Has(topic)).ToArray() is [var only] ? only : throw new InvalidOperationException($"{topic} is not in asyncapi.yaml, or twice");

    /// <summary>Checks one payload against its topic's schema; fails naming the place.</summary>
    public void Check(string topic, byte[] payload)
    {
        var channel = Of(topic);
        if (channel.Payload["type"]!.ToString() == "string")
        {
            CheckEnum(channel.Payload, System.Text.Encoding.UTF8.GetString(payload), topic);
            return;
        }
        using var json = JsonDocument.Parse(payload);
        Check(channel.Payload, json.RootElement, topic);
    }

    private Channel Read(string name, JsonNode channel)
    {
        var message = Follow(channel["messages"]!.AsObject().Single().Value!);
        var operation = root["operations"]!.AsObject().Single(entry => entry.Value!["channel"]!["$ref"]!.ToString() == "#/channels/" + name).Value!;
        var mqtt = operation["bindings"]!["mqtt"]!;
        return new Channel(name, channel["address"]!.ToString(), operation["action"]!.ToString(), (int)(long)mqtt["qos"]!, (bool)mqtt["retain"]!,
            Follow(message["payload"]!).AsObject(), channel.AsObject());
    }

    private JsonNode Follow(JsonNode node)
    {
        if (node["$ref"] is not { } reference)
            return node;
        var target = root;
        foreach (var step in reference.ToString().Split('/').Skip(1))
            target = target[step] ?? throw new InvalidOperationException($"{reference} leads nowhere");
        return target;
    }

    private static void Check(JsonObject schema, JsonElement value, string where)
    {
        var type = schema["type"]!.ToString();
        var good = type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => throw new InvalidOperationException($"{where}: the schema's type {type} is not known here"),
        };
        Assert.True(good, $"{where} is no {type}: {value}");
        if (type == "string")
            CheckEnum(schema, value.GetString()!, where);
        if (type is "integer" or "number")
        {
            Assert.True(schema["minimum"] is not { } least || value.GetDouble() >= (long)least, $"{where} is {value}, below the minimum");
            Assert.True(schema["maximum"] is not { } most || value.GetDouble() <= (long)most, $"{where} is {value}, above the maximum");
        }
        if (type == "array")
            foreach (var item in value.EnumerateArray())
                Check(schema["items"]!.AsObject(), item, where + "[]");
        if (type == "object")
            CheckObject(schema, value, where);
    }

    private static void CheckObject(JsonObject schema, JsonElement value, string where)
    {
        foreach (var required in schema["required"]?.AsArray() ?? [])
            Assert.True(value.TryGetProperty(required!.ToString(), out _), $"{where} lacks {required}: {value}");
        foreach (var property in value.EnumerateObject())
        {
            var known = schema["properties"]?[property.Name] ?? schema["additionalProperties"];
            Assert.True(known is not null, $"{where}: the schema has no {property.Name}");
            Check(known.AsObject(), property.Value, $"{where}.{property.Name}");
        }
    }

    private static void CheckEnum(JsonObject schema, string value, string where) =>
        Assert.True(schema["enum"] is not { } known || known.AsArray().Any(item => item!.ToString() == value), $"{where} is '{value}', which the schema does not list");
}
