using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Client;

/// <summary>A small shell around a broker core: real sockets, one owner loop that takes inputs from an inbox and flushes once a turn. Its
/// clock stands still, so nothing times out by chance.</summary>
internal sealed class LoopbackShell : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<Action> _inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<BrokerConnection> _dirty = [];
    private readonly Task _owner;

    public LoopbackShell(IBrokerApplication application, BrokerOptions? options = null, int port = 0)
    {
        Core = new BrokerCore(options ?? new BrokerOptions());
        Core.Attach(application);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _owner = OwnAsync();
        _ = AcceptAsync();
    }

    public BrokerCore Core { get; }

    public int Port { get; }

    public long NowMs { get; set; }

    /// <summary>Runs something on the owner's loop, between two inputs.</summary>
    public Task Do(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            action();
            done.SetResult();
        });
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _inbox.Writer.TryComplete();
        await _owner;
    }

    private void Post(Action action) => _inbox.Writer.TryWrite(action);

    private async Task OwnAsync()
    {
        await Task.Yield();
        while (await _inbox.Reader.WaitToReadAsync())
        {
            while (_inbox.Reader.TryRead(out var action)) action();
            Flush();
        }
    }

    private void Flush()
    {
        Core.TakeDirty(_dirty);
        foreach (var connection in _dirty) ((Link)connection.Tag!).Send();
        _dirty.Clear();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                Post(() => new Link(this, socket).Start());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the shell ends.
        }
    }

    private sealed class Link(LoopbackShell shell, Socket socket)
    {
        private BrokerConnection? _connection;
        private bool _sending;

        public void Start()
        {
            _connection = shell.Core.Open(new RemoteEndpoint("127.0.0.1", ((IPEndPoint)socket.RemoteEndPoint!).Port, true), shell.NowMs);
            if (_connection is null)
            {
                socket.Dispose();
                return;
            }
            _connection.Tag = this;
            _ = ReceiveAsync();
        }

        public void Send()
        {
            if (_sending) return;
            if (_connection!.PendingBytes > 0 && !_connection.Abort)
            {
                _sending = true;
                _ = SendAsync(shell.Core.TakeOutput(_connection));
            }
            else if (_connection.CloseAfterFlush || _connection.Abort)
            {
                Stop("closed by the broker");
            }
        }

        private async Task SendAsync(OutputBuffer output)
        {
            await Task.Yield();
            var ok = true;
            try
            {
                var rest = output.Memory;
                while (rest.Length > 0) rest = rest[await socket.SendAsync(rest)..];
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                ok = false;
            }
            shell.Post(() =>
            {
                _sending = false;
                output.Return();
                shell.Core.OutputSent(_connection!, output.Count);
                if (ok) Send();
                else Stop("send failed");
            });
        }

        private async Task ReceiveAsync()
        {
            var reason = "closed by the peer";
            try
            {
                while (true)
                {
                    var buffer = new byte[16_384];
                    var bytes = await socket.ReceiveAsync(buffer);
                    if (bytes == 0) break;
                    shell.Post(() => shell.Core.Receive(_connection!, buffer.AsSpan(0, bytes), shell.NowMs));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                reason = e.Message;
            }
            shell.Post(() => Stop(reason));
        }

        private void Stop(string reason)
        {
            shell.Core.Closed(_connection!, reason, shell.NowMs);
            socket.Dispose();
        }
    }
}
