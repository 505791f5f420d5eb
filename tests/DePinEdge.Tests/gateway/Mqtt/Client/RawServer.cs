using System.Net;
using System.Net.Sockets;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Tests.Gateway.MqttTests.Client;

/// <summary>A listening socket whose other side the test plays byte by byte.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>How to reach it.</summary>
    public MqttClientOptions Options => new() { Port = ((IPEndPoint)_listener.LocalEndPoint!).Port, ClientId = "raw" };

    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        var socket = await _listener.AcceptAsync(cancellationToken);
        socket.NoDelay = true;
        return socket;
    }

    public void Dispose() => _listener.Dispose();
}
