using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace DePinEdge.Mqtt.Broker;

/// <summary>Where a connection comes from, as the transport saw it.</summary>
/// <param name="Address">The address as text, without port; for a log line or a limit per address.</param>
/// <param name="Port">The remote port.</param>
/// <param name="IsLoopback">True when the peer runs on this machine, which an application may trust more.</param>
public readonly record struct RemoteEndpoint(string Address, int Port, bool IsLoopback)
{
    /// <summary>
    /// What a limit for each address counts by: an IPv4 address as it is, of an IPv6 address its /64 network, because whoever has one
    /// address of it has 2^64.
    /// </summary>
    public string Network
    {
        get
        {
            if (!Address.Contains(':') || !IPAddress.TryParse(Address, out var ip))
                return Address;
            if (ip.IsIPv4MappedToIPv6)
                return ip.MapToIPv4().ToString();
            Span<byte> bytes = stackalloc byte[16];
            ip.TryWriteBytes(bytes, out _);
            return string.Create(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt64BigEndian(bytes):x16}/64");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}:{Port}";
}
