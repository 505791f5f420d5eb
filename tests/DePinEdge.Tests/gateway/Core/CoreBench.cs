// A whole gateway in memory: the production core, broker and agents, one thread, time by hand. Turns are kept as a store would.
using System.Security.Cryptography;
using DePinEdge.Agent.Ports;
using DePinEdge.Gateway;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Simulator.Hardware;
using DePinEdge.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace DePinEdge.Tests.Gateway.Core;

internal sealed class CoreBench
{
    public const long StartUtcMs = 1_795_330_000_000;

    private readonly SeededEntropySource entropy;
    private readonly Dictionary<string, byte[]> blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LoadedProgram> programs = new(StringComparer.Ordinal);
    private readonly List<BrokerConnection> dirty = [];
    private readonly List<WorkRequest> work = [];
    private readonly Queue<Action> later = new();
    private readonly ECDsa siteKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public CoreBench(GatewayOptions? options = null, ulong seed = 1)
    {
        Options = options ?? new GatewayOptions();
        entropy = new SeededEntropySource(seed);
        Core = Start();
    }

    public GatewayOptions Options { get; }

    public GatewayCore Core { get; private set; }

    public Instant Now { get; private set; } = new(1_000_000, StartUtcMs);

    public List<Turn> Turns { get; } = [];

    public List<BenchBoard> Boards { get; } = [];

    public List<HostileBoard> Hostiles { get; } = [];

    /// <summary>While true, recomputations are kept back.</summary>
    public bool HoldWork { get; set; }

    /// <summary>While true, a restarted core gets no program images.</summary>
    public bool WithholdImages { get; set; }

    public void ProvideImages() => ProvideImages(Core);

    public IReadOnlyDictionary<string, byte[]> Blobs => blobs;

    public void Later(Action action) => later.Enqueue(action);

    public BenchBoard Join(BoardProfile? profile = null, string name = "", ulong seed = 0)
    {
        var invite = Core.Invite(new InviteAsked(name, "", 0), Now);
        Assert.Null(invite.Problem);
        return Add(new BenchBoard(this, profile ?? BoardProfile.Esp32, invite.Value!.JoinCode, seed == 0 ? (ulong)Boards.Count + 100 : seed));
    }

    public BenchBoard Add(BenchBoard board)
    {
        Boards.Add(board);
        return board;
    }

    /// <summary>Adds the primes program and funds a requester.</summary>
    public ProgramHash AddPrimes(long creditsMicro = 1_000_000_000_000)
    {
        var loaded = ProgramLoader.Load(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm"))).Program!;
        var hash = new ProgramHash(loaded.HashHex);
        programs[hash.Hex] = loaded;
        Assert.Null(Core.AddProgram(OfferOf(loaded), Now).Problem);
        if (creditsMicro > 0)
            Assert.Null(Core.Issue("alice", creditsMicro, Now).Problem);
        return hash;
    }

    public LoadedProgram ProgramOf(byte[] hash) => programs[Convert.ToHexStringLower(hash)];

    public static ProgramOffered OfferOf(LoadedProgram loaded) => new(
        new ProgramHash(loaded.HashHex), loaded.Manifest.Name, loaded.Manifest.Version, loaded.Wasm, loaded.Image, loaded.Manifest.MemoryBytes,
        loaded.Manifest.FuelMax, 0, OutputKind.U32, Reduction.Sum);

    /// <summary>A primes job over [0, limit) in tasks of 500 numbers.</summary>
    public static JobAsked Primes(ProgramHash program, long limit, long priceMicro = 1_000, string key = "")
    {
        var tail = new byte[12];
        BitConverter.TryWriteBytes(tail, 500u);
        BitConverter.TryWriteBytes(tail.AsSpan(4), (ulong)limit);
        return new JobAsked("alice", key, "primes", program, true, 0, (limit + 499) / 500, [], tail, 0, priceMicro, 0);
    }

    /// <summary>One turn: commit, then everything that the commit allows.</summary>
    public bool Turn()
    {
        var moved = Commit();
        dirty.Clear();
        Core.Broker.TakeDirty(dirty);
        foreach (var connection in dirty.ToArray())
        {
            moved = true;
            var buffer = Core.Broker.TakeOutput(connection);
            var bytes = buffer.Memory.ToArray();
            buffer.Return();
            Core.Broker.OutputSent(connection, bytes.Length);
            ((BenchClient)connection.Tag!).Deliver(bytes, connection.CloseAfterFlush);
        }
        while (later.TryDequeue(out var action))
        {
            moved = true;
            action();
        }
        if (!HoldWork)
            moved |= Work();
        return moved;
    }

    /// <summary>Turns and board steps until nothing moves.</summary>
    public void Settle() => Assert.True(Run(100_000), "the bench does not come to rest");

    /// <summary>At most so many turns, each with a step of every board; true when nothing moved any more.</summary>
    public bool Run(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var moved = Turn();
            foreach (var board in Boards)
                moved |= board.Step();
            if (!moved)
                return true;
        }
        return false;
    }

    /// <summary>Lets time pass, in one step, and settles unless told not to.</summary>
    public void Advance(long ms, bool settle = true)
    {
        Now = new Instant(Now.Ms + ms, Now.UtcMs + ms);
        Core.Tick(Now);
        if (settle)
            Settle();
    }

    /// <summary>Advances in steps of at most a second until the condition holds; boards back off, so they need time to come back.</summary>
    public void AdvanceUntil(Func<bool> condition, int seconds = 600)
    {
        Settle();
        for (var i = 0; i < seconds && !condition(); i++)
            Advance(1_000);
        Assert.True(condition(), $"still not so after {seconds} simulated seconds");
    }

    /// <summary>The gateway dies without a word and starts again from what was committed.</summary>
    public void Crash()
    {
        foreach (var board in Boards)
            board.Drop();
        later.Clear();
        work.Clear();
        Core = Start();
    }

    public VerifyReport Verify() => LedgerVerifier.Verify(Turns);

    /// <summary>A fresh core that replayed everything from the first turn, without any snapshot.</summary>
    public GatewayCore Replayed() => Recovered(null, 0, Turns);

    private void ProvideImages(GatewayCore core)
    {
        foreach (var (hash, loaded) in programs)
            core.ProvideImage(new ProgramHash(hash), loaded.Image, Now);
    }

    private GatewayCore Start()
    {
        var at = Turns.FindLastIndex(turn => turn.Snapshot is not null);
        var core = at < 0 ? Recovered(null, 0, Turns) : Recovered(Turns[at].Snapshot, Turns[at].Seq, Turns[(at + 1)..]);
        if (!WithholdImages)
            ProvideImages(core);
        return core;
    }

    private GatewayCore Recovered(byte[]? snapshot, long turn, IEnumerable<Turn> turns)
    {
        var core = new GatewayCore(Options, entropy, NullLoggerFactory.Instance);
        core.Recover(new StoredState(snapshot, turn, turns, [.. blobs.Select(blob => new BlobWrite(blob.Key, blob.Value))]), Now);
        return core;
    }

    /// <summary>Stores the open turn and sends nothing.</summary>
    public bool Commit()
    {
        if (Core.TakeTurn(Now) is not { } turn)
            return false;
        Turns.Add(turn);
        foreach (var blob in turn.Blobs)
            if (blob.Bytes is { } bytes)
                blobs[blob.Key] = bytes;
            else
                blobs.Remove(blob.Key);
        return true;
    }

    private bool Work()
    {
        Core.TakeWork(work);
        var requests = work.ToArray();
        work.Clear();
        foreach (var request in requests)
            switch (request)
            {
                case RecomputeAsked asked:
                    var runner = new TaskRunner(programs[asked.Program.Hex]);
                    Core.Recomputed(new Recomputed(asked.Number, [.. asked.Inputs.Select(input => runner.Run(input, [], asked.FuelLimit))
                        .Select(outcome => new RecomputedTask(outcome.Status, outcome.Trap, outcome.Fuel, outcome.Output))]), Now);
                    break;
                case SignAsked asked:
                    Core.Signed(new Signed(asked.Number, siteKey.ExportSubjectPublicKeyInfo(), siteKey.SignHash(asked.Head)), Now);
                    break;
            }
        return requests.Length > 0;
    }

    private sealed class SeededEntropySource(ulong seed) : IEntropySource
    {
        private readonly SeededEntropy bytes = new(seed);

        public void Fill(Span<byte> into)
        {
            var buffer = new byte[into.Length];
            bytes.Fill(buffer, 0, buffer.Length);
            buffer.CopyTo(into);
        }
    }
}
