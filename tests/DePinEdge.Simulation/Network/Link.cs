using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Simulation.Network;

/// <summary>
/// One connection between a board and the gateway. Each side has its own idea of whether it is open: a side that vanished is found
/// out when something is sent to it, or by its silence.
/// </summary>
public sealed class Link
{
    private readonly EventQueue time;
    private readonly IGatewaySide gateway;
    private readonly Action<byte[]> toBoard;
    private readonly Action lostAtBoard;
    private readonly Relay upRelay;
    private readonly Relay downRelay;
    private bool offered;
    private bool gatewayGone;
    private bool cut;

    /// <param name="toBoard">Takes bytes at the board's end while it is open.</param>
    /// <param name="lostAtBoard">Told once when the board's end learns that the connection is gone.</param>
    public Link(EventQueue time, Dice dice, Line line, int version, string who, IGatewaySide gateway, Action<byte[]> toBoard, Action lostAtBoard)
    {
        this.time = time;
        this.gateway = gateway;
        this.toBoard = toBoard;
        this.lostAtBoard = lostAtBoard;
        Line = line;
        Who = who;
        Up = new Lane(time, dice, line, AtGateway);
        Down = new Lane(time, dice, line, AtBoard);
        upRelay = new Relay(dice, line, version, Up, Down);
        downRelay = new Relay(dice, line, version, Down, Up);
        Up.Last(() =>
        {
            if (!BoardOpen)
                return;
            offered = true;
            gateway.Open(this);
        });
    }

    /// <summary>The board, for the trace.</summary>
    public string Who { get; }

    public Line Line { get; }

    /// <summary>Board to gateway.</summary>
    public Lane Up { get; }

    /// <summary>Gateway to board.</summary>
    public Lane Down { get; }

    /// <summary>The board's end is open.</summary>
    public bool BoardOpen { get; private set; } = true;

    /// <summary>The gateway's end while it is open.</summary>
    public BrokerConnection? Connection { get; private set; }

    /// <summary>A packet of the board; <paramref name="arrived"/> is told at each arrival.</summary>
    public void SendUp(byte[] packet, Action? arrived = null)
    {
        if (BoardOpen && !cut)
            upRelay.Pass(packet, arrived);
    }

    /// <summary>Bytes of the gateway, whole packets.</summary>
    public void SendDown(byte[] bytes)
    {
        if (!gatewayGone && !cut)
            downRelay.PassAll(bytes);
    }

    /// <summary>The gateway took the connection, or refused it (null).</summary>
    public void Opened(BrokerConnection? connection)
    {
        Connection = connection;
        if (connection is null)
            VanishAtGateway(silently: false);
    }

    /// <summary>The board closes its end; the gateway hears of it behind the last bytes.</summary>
    public void CloseAtBoard()
    {
        if (!BoardOpen)
            return;
        BoardOpen = false;
        if (!cut)
            Up.Last(() => gateway.Lost(this, "closed by the board"));
    }

    /// <summary>The board's end is gone without a word.</summary>
    public void VanishAtBoard() => BoardOpen = false;

    /// <summary>The gateway closes its end; the board hears of it behind the last bytes.</summary>
    public void CloseAtGateway()
    {
        Connection = null;
        gatewayGone = true;
        if (!cut)
            Down.Last(LoseAtBoard);
    }

    /// <summary>The gateway's machine is gone; the board is told at once only by an operating system that is still there.</summary>
    public void VanishAtGateway(bool silently)
    {
        Connection = null;
        gatewayGone = true;
        if (!silently)
            Reset();
    }

    /// <summary>The connection breaks: what is on its way may be lost, and each side hears of it after its own time.</summary>
    public void Cut(bool lost, long boardMs, long gatewayMs)
    {
        cut = true;
        Up.Dead = Down.Dead = lost;
        time.After(boardMs, LoseAtBoard);
        time.After(gatewayMs, () => gateway.Lost(this, "cut"));
    }

    /// <summary>The gateway's end is closed: nobody shall use it again.</summary>
    public void ClosedAtGateway()
    {
        Connection = null;
        gatewayGone = true;
    }

    private void AtGateway(byte[] bytes)
    {
        if (gatewayGone)
            Reset();
        else if (offered)
            gateway.Received(this, bytes);
    }

    private void AtBoard(byte[] bytes)
    {
        if (BoardOpen)
            toBoard(bytes);
        else if (!gatewayGone && !cut)
            // A machine that does not know the connection says so.
            time.After(Line.LatencyMs, () => gateway.Lost(this, "reset by the board"));
    }

    private void Reset() => time.After(Line.LatencyMs, LoseAtBoard);

    private void LoseAtBoard()
    {
        if (!BoardOpen)
            return;
        BoardOpen = false;
        lostAtBoard();
    }
}
