// The demo's fleet: which boards there are and where their keys are kept.
using System.Globalization;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Boards by name, <c>esp32-01</c> and so on. Each keeps its key in a file of its own below the data folder, as a real board keeps it
/// in flash, so that a second demo on the same folder meets the same boards.
/// </summary>
internal sealed class DemoBoards
{
    private static readonly BoardProfile[] Pattern =
    [
        BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.PicoW, BoardProfile.Pi,
        BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.PicoW, BoardProfile.Pi,
    ];

    private readonly int honest;
    private readonly List<(string Name, BoardProfile Profile, FileKeyStore Store, ulong Seed)> boards = [];

    /// <param name="folder">Where key files are kept; made when the first key is saved.</param>
    /// <param name="count">How many boards, at least 1.</param>
    /// <param name="seed">Each board's own seed follows from it.</param>
    /// <param name="liars">Boards beside them that will lie: <c>liar-01</c> and so on.</param>
    public DemoBoards(string folder, int count, ulong seed, int liars = 0)
    {
        var numbers = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var profile = Pattern[i % Pattern.Length];
            var number = numbers[profile.Kind] = numbers.GetValueOrDefault(profile.Kind) + 1;
            var name = string.Create(CultureInfo.InvariantCulture, $"{profile.Kind}-{number:00}");
            boards.Add((name, profile, new FileKeyStore(Path.Combine(folder, name + ".key")), (seed << 16) + (ulong)i));
        }

        honest = count;
        for (var i = 0; i < liars; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"liar-{i + 1:00}");
            boards.Add((name, BoardProfile.Esp32, new FileKeyStore(Path.Combine(folder, name + ".key")), (seed << 16) + (ulong)(count + i)));
        }
    }

    /// <summary>All boards, the liars last.</summary>
    public int Count => boards.Count;

    /// <summary>How many of each kind, without the liars, for people: <c>8 esp32, 2 picow, 2 pi</c>.</summary>
    public string Kinds => string.Join(
        ", ", BoardProfile.All.Select(p => (p.Kind, Count: boards.Take(honest).Count(b => b.Profile == p))).Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Kind}"));

    /// <summary>
    /// The specs to start. A board that has a key and is known to the gateway logs in; any other is given a join code.
    /// </summary>
    /// <param name="known">Device ids that the gateway knows.</param>
    /// <param name="invite">Makes a join code for a device id.</param>
    /// <param name="invitesAtOnce">How many codes may be asked for at the same time.</param>
    public async Task<IReadOnlyList<BoardSpec>> SpecsAsync(IReadOnlySet<string> known, Func<string, Task<string>> invite, int invitesAtOnce)
    {
        var codes = new string?[boards.Count];
        // A key without a gateway that knows it, or the other way round, is of no use: the board joins anew under its name.
        var joining = Enumerable.Range(0, boards.Count).Where(i => !boards[i].Store.Exists || !known.Contains(boards[i].Name));
        await Parallel.ForEachAsync(
            joining, new ParallelOptions { MaxDegreeOfParallelism = invitesAtOnce }, async (i, _) =>
            {
                boards[i].Store.Erase();
                codes[i] = await invite(boards[i].Name);
            });
        return [.. boards.Select((b, i) => new BoardSpec(b.Name, b.Profile, b.Store, codes[i], b.Seed))];
    }
}
