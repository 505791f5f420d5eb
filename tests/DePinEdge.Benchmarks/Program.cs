// Load runs against a gateway in a process of its own: `soak` (a fleet works for minutes) and `hostile` (mutated packets and frames).
using System.Globalization;
using DePinEdge.Benchmarks;
using DePinEdge.Benchmarks.Hostile;
using DePinEdge.Benchmarks.Soak;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
try
{
    return args switch
    {
        ["soak", .. var rest] => await SoakRun.RunAsync(Arguments.Read<SoakOptions>(rest), stop.Token),
        ["hostile", .. var rest] => await HostileRun.RunAsync(Arguments.Read<HostileOptions>(rest), stop.Token),
        _ => Usage(),
    };
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("""
        soak --boards N --minutes M [--flat-out] [--data DIR] [--json]   a fleet works; tasks/s, processor, memory, bytes written
        hostile --count N [--seed S] [--data DIR] [--json]               mutated packets and frames; exit 1 when anybody honest suffers
        """);
    return 2;
}
