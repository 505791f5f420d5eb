using System.Text.Json;
using DePinEdge.Gateway.Host.Api;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>Where the running gateway of a data folder listens; the command line finds it by this file.</summary>
/// <param name="Pid">Process id.</param>
public sealed record EndpointFile(int Pid, int HttpPort, int MqttPort)
{
    /// <summary>Reads the folder's file; null when no gateway runs there (or it left no readable file).</summary>
    public static EndpointFile? Read(DataFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(folder.EndpointFile), ApiJson.Default.EndpointFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
