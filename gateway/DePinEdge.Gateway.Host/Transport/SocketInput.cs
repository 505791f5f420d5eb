namespace DePinEdge.Gateway.Host.Transport;

/// <summary>What happened on a connection, on its way to the loop. Inputs of one connection stay in order.</summary>
/// <param name="Buffer">For bytes: a rented array that the loop gives back.</param>
/// <param name="Reason">For an end: in words.</param>
internal readonly record struct SocketInput(SocketConnection Connection, SocketInputKind Kind, byte[]? Buffer, int Count, string? Reason);

/// <summary>Kinds of <see cref="SocketInput"/>.</summary>
internal enum SocketInputKind : byte
{
    Opened,
    Bytes,
    Closed,
}
