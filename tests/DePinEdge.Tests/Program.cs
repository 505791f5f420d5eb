using DePinEdge.Tests.Gateway.Host.Crash;

namespace DePinEdge.Tests;

/// <summary>
/// The test program's entry: the xunit runner, or, with <c>--child ROLE</c>, a process that a test needs beside itself because it will
/// kill it.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["--child", "gateway", .. var rest] => await CrashGateway.RunAsync(rest),
        ["--child", "boards", .. var rest] => await BoardsProcess.RunAsync(rest),
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
