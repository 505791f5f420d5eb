using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>
/// MQTT 3.1.1 by hand over a socket, so that a test can ask the socket itself whether a byte has come. Packets below 128 bytes after the
/// two-byte header only, but for publishes.
/// </summary>
internal sealed class RawMqtt : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000, SendTimeout = 20_000 };

    public RawMqtt(int port) => socket.Connect(IPAddress.Loopback, port);

    public Socket Socket => socket;

    /// <summary>Bytes that have come and were not read.</summary>
    public int Available => socket.Available;

    public void Connect(string clientId) => Send(0x10, [.. Text("MQTT"), 4, 2, 0, 0, .. Text(clientId)]);

    public void Subscribe(string filter) => Send(0x82, [0, 1, .. Text(filter), 1]);

    public void Publish(string topic, ReadOnlySpan<byte> payload, ushort id) =>
        Send(id == 0 ? (byte)0x30 : (byte)0x32, id == 0 ? [.. Text(topic), .. payload] : [.. Text(topic), (byte)(id >> 8), (byte)id, .. payload]);

    public void Ping() => Send(0xC0, []);

    /// <summary>The next packet: its first byte and its body. Throws when the connection ends or nothing comes.</summary>
    public (byte Type, byte[] Body) Read()
    {
        var type = Take(1)[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(1)[0];
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
                return (type, Take(length));
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private void Send(byte type, byte[] body)
    {
        var header = new List<byte> { type };
        var rest = body.Length;
        do
        {
            header.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        socket.Send([.. header, .. body]);
    }

    private byte[] Take(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var more = socket.Receive(bytes, got, count - got, SocketFlags.None);
            if (more == 0)
                throw new EndOfStreamException("the connection ended");
            got += more;
        }
        return bytes;
    }
}
