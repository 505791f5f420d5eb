using System.Net;
using System.Net.Sockets;

namespace DePinEdge.Gateway.Host.Transport;

/// <summary>Says why a port cannot be listened on, and which option names another.</summary>
internal static class PortFailure
{
    public static HostException Of(string what, IPAddress bind, int port, string option, Exception failure)
    {
        var code = (failure as SocketException ?? failure.InnerException as SocketException ?? failure.InnerException?.InnerException as SocketException)
            ?.SocketErrorCode;
        var place = $"{what} port {port} on {bind}";
        return code switch
        {
            SocketError.AccessDenied => new HostException(
                $"{place} may not be opened by this user", $"choose a port from 1024 on with {option}", ExitCodes.PortInUse, failure),
            SocketError.AddressNotAvailable => new HostException(
                $"{place}: this machine does not have that address", "name one of its own addresses with --bind", ExitCodes.PortInUse, failure),
            _ => new HostException(
                $"{place} is in use", $"stop the program that holds it, or choose another with {option} (0 takes a free one)",
                ExitCodes.PortInUse, failure),
        };
    }
}
