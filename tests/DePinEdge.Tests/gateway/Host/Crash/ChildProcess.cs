using System.Diagnostics;

namespace DePinEdge.Tests.Gateway.Host.Crash;

/// <summary>One process that a test started, spoken to line by line. Disposing ends it (by its own id) if it still runs.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Starts this test program in a role; waits for its first line.</summary>
    public static async Task<(ChildProcess Child, string Ready)> StartAsync(string role, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--child", role, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Under a test host the running program is dotnet or the host itself: start our own assembly then.
        if (!string.Equals(Path.GetFileNameWithoutExtension(Environment.ProcessPath), "DePinEdge.Tests", StringComparison.Ordinal))
            start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, "--child", role, .. args])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        var process = Process.Start(start)!;
        var child = new ChildProcess(process);
        var ready = await process.StandardOutput.ReadLineAsync();
        if (ready is null)
            Assert.Fail($"{role} did not start: {await process.StandardError.ReadToEndAsync()}");
        return (child, ready);
    }

    /// <summary>Asks one line; null when the process died instead of answering.</summary>
    public async Task<string?> AskAsync(string line)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
            return await process.StandardOutput.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Closes the input and waits for an orderly end.</summary>
    public async Task<int> FinishAsync()
    {
        process.StandardInput.Close();
        return await EndedAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
