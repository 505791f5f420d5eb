namespace DePinEdge.Mqtt.Broker;

/// <summary>What the parts of one broker share. One thread owns all of it.</summary>
internal sealed class BrokerState
{
    private IBrokerApplication? _application;

    public BrokerState(BrokerOptions options)
    {
        Options = options;
        Outputs = new Outputs(options, Counters);
        Retained = new RetainedStore(options, Counters);
        Sessions = new SessionTable(this);
        Connections = new ConnectionTable(this);
        Delivery = new Delivery(this);
    }

    public BrokerOptions Options { get; }

    public BrokerCounters Counters { get; } = new();

    public IBrokerApplication Application
    {
        get
        {
            Invariant.Require(_application is not null, "an application is attached before the first connection");
            return _application;
        }
        set
        {
            Invariant.Require(_application is null, "one application is attached, once");
            _application = value;
        }
    }

    public Outputs Outputs { get; }

    public SubscriptionTrie Subscriptions { get; } = new();

    public RetainedStore Retained { get; }

    public SessionTable Sessions { get; }

    public ConnectionTable Connections { get; }

    public Delivery Delivery { get; }

    /// <summary>Waits here because the application must not be called from inside its own calls.</summary>
    public Queue<Notice> Notices { get; } = new();

    /// <summary>Publishes a will; set by the part that publishes.</summary>
    public Action<BrokerClient, Will>? WillDue { get; set; }

    /// <summary>The instant of the shell's call that is going on, or of the last one.</summary>
    public long NowMs { get; set; }

    /// <summary>Says what waits, and what that in turn brings about. Only from the shell's calls, and never while packets are being
    /// delivered.</summary>
    public void DrainNotices()
    {
        while (Notices.TryDequeue(out var notice))
        {
            if (notice.Lost) Application.SessionLost(notice.Client, notice.Why, notice.Reason, NowMs);
            if (notice.Will is { } will) WillDue!(notice.Client, will);
        }
    }
}
