using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>The loop of a broker without a gateway: the same shell and the same order of things, with nothing to store.</summary>
internal sealed class BrokerLoop : IConnectionTarget
{
    private const int InputsPerRound = 1_024;

    private readonly IConnectionShell shell;
    private readonly LoopClock clock;
    private readonly List<BrokerConnection> dirty = [];
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopAsked;

    public BrokerLoop(IConnectionShell shell, TimeProvider time, IBrokerApplication? application = null, BrokerOptions? options = null)
    {
        this.shell = shell;
        clock = new LoopClock(time);
        Broker = new BrokerCore(options ?? new BrokerOptions());
        Broker.Attach(application ?? new OpenApplication());
    }

    public BrokerCore Broker { get; }

    /// <summary>Ends when the loop has; fails when the broker broke.</summary>
    public Task Completion => completion.Task;

    public void Start()
    {
        new Thread(Run) { Name = "broker loop", IsBackground = true }.Start();
        shell.Start();
    }

    public void RequestStop()
    {
        stopAsked = true;
        shell.Wake();
    }

    /// <summary>Counters, once the loop has ended.</summary>
    public BrokerSummary Summary() => BrokerSummary.Of(Broker.Counters, shell.Counters);

    public BrokerConnection? Opened(RemoteEndpoint remote) => Broker.Open(remote, clock.Ms);

    public void Received(BrokerConnection connection, ReadOnlySpan<byte> bytes) => Broker.Receive(connection, bytes, clock.Ms);

    public void Closed(BrokerConnection connection, string reason) => Broker.Closed(connection, reason, clock.Ms);

    private void Run()
    {
        try
        {
            while (!stopAsked)
            {
                var more = shell.Pump(this, InputsPerRound);
                if (clock.Ms >= Broker.NextTickMs)
                    Broker.Tick(clock.Ms);
                Broker.TakeDirty(dirty);
                shell.Flush(this, dirty);
                dirty.Clear();
                var due = Broker.NextTickMs;
                shell.Wait(more ? 0 : due == long.MaxValue ? due : Math.Max(0, due - clock.Ms));
            }
            completion.TrySetResult();
        }
        catch (Exception failure)
        {
            completion.TrySetException(failure);
        }
    }
}
