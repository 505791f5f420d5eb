// What `depin demo` was asked for.
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>The options of a demo run, checked by the command line; <see cref="Problem"/> says what it did not check.</summary>
internal sealed record DemoOptions
{
    /// <summary>Numbers that one task examines when the number of tasks is not given.</summary>
    public const int DefaultWidth = 500;

    /// <summary>Most numbers that one task examines: the program's own limit.</summary>
    public const int WidthMax = 1_000_000;

    /// <summary>Most boards: every board is a socket of this process.</summary>
    public const int BoardsMax = 1_000;

    /// <summary>Simulated boards; two in three are esp32, the rest half picow, half pi.</summary>
    public int Boards { get; init; } = 12;

    /// <summary>Primes below this number are counted.</summary>
    public long Limit { get; init; } = 1_000_000;

    /// <summary>Tasks to cut the range into; null: one for every <see cref="DefaultWidth"/> numbers.</summary>
    public long? Tasks { get; init; }

    /// <summary>Names of the sample programs to run; empty: all of them.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>How fast boards work; null: flat out with <see cref="Once"/>, at a board's pace otherwise.</summary>
    public Pace? Pace { get; init; }

    /// <summary>The data folder to use and keep; null: a fresh one that is deleted at the end.</summary>
    public string? Data { get; init; }

    /// <summary>Boards lie and die, links break, a key is stolen.</summary>
    public bool Chaos { get; init; }

    /// <summary>Seed of the boards' nonces, sensors and waits, and of all that goes wrong.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The broker's port; 0 takes a free one.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>The API's port; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>End after the checks instead of running until Ctrl+C.</summary>
    public bool Once { get; init; }

    /// <summary>Standard output is one line of JSON; what people read goes to standard error.</summary>
    public bool Json { get; init; }

    /// <summary>The pace in force.</summary>
    public Pace PaceInForce => Pace ?? (Once || Chaos ? Simulator.Pace.None : Simulator.Pace.Board);

    /// <summary>Numbers that one task examines: the last task may have fewer.</summary>
    public long Width => Tasks is { } tasks ? (Limit + tasks - 1) / tasks : DefaultWidth;

    /// <summary>Tasks that <see cref="Width"/> gives: rounding may make them fewer than were asked for.</summary>
    public long TaskCount => (Limit + Width - 1) / Width;

    /// <summary>The sample jobs to run, in their own order.</summary>
    /// <exception cref="HostException"><see cref="Programs"/> names one that there is not.</exception>
    public IReadOnlyList<SampleJob> Samples()
    {
        var all = SampleJobs.All(this);
        if (Programs.FirstOrDefault(name => all.All(sample => sample.Name != name)) is { } unknown)
            throw new HostException(
                $"--program is {unknown}; there is no such sample program", $"there are: {string.Join(", ", all.Select(sample => sample.Name))}", ExitCodes.Usage);
        return Programs.Count == 0 ? all : [.. all.Where(sample => Programs.Contains(sample.Name))];
    }

    /// <summary>One sentence about the first option out of range, or null.</summary>
    public string? Problem() =>
        Boards is < 1 or > BoardsMax ? $"--boards is {Boards}; it must be 1 to {BoardsMax}"
        : Chaos && Boards < ChaosPlan.BoardsMin ? $"--boards is {Boards}; with --chaos it must be at least {ChaosPlan.BoardsMin}"
        : Limit is < 2 or > PrimeCount.SieveMax ? $"--limit is {Limit}; it must be 2 to {PrimeCount.SieveMax}"
        : Tasks is < 1 || Tasks > Limit ? $"--tasks is {Tasks}; it must be 1 to the limit of {Limit}"
        : TaskCount > 1_000_000 ? $"{TaskCount} tasks are too many for one job; give --tasks with at most 1000000"
        : Width > WidthMax ? $"--tasks is {Tasks}; the limit of {Limit} needs at least {(Limit + WidthMax - 1) / WidthMax}"
        : MqttPort is < 0 or > 65_535 ? $"--mqtt-port is {MqttPort}; it must be 0 to 65535"
        : HttpPort is < 0 or > 65_535 ? $"--http-port is {HttpPort}; it must be 0 to 65535"
        : null;
}
