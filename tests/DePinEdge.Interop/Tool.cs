using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace DePinEdge.Interop;

/// <summary>
/// Somebody else's program (or `depin` itself) as a process of the test: its output comes line by line, and disposing ends it, by its
/// own id, if it still runs. A program that is not installed fails the test.
/// </summary>
internal sealed class Tool : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>(); // bounded by what one short test makes a program say
    private readonly StringBuilder errors = new();
    private readonly Task reading;

    private Tool(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    /// <summary>The test's own token: every wait ends with the test.</summary>
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What it has written to standard error so far, all of it once it has ended.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    /// <summary>Starts a program. Its output is flushed line by line (stdbuf's work): programs keep it back when nobody sits at a terminal.</summary>
    public static Tool Start(string program, params string[] arguments)
    {
        // stdbuf becomes the program, so the process's id is the program's own.
        return new Tool(Process.Start(new ProcessStartInfo(Find("stdbuf"), ["-oL", Find(program), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Lines, string Errors)> RunAsync(string program, params string[] arguments)
    {
        await using var tool = Start(program, arguments);
        tool.CloseInput();
        var code = await tool.EndedAsync();
        return (code, await tool.RestAsync(), tool.Errors);
    }

    /// <summary>The next line of output; fails the test when the program has ended instead.</summary>
    public async Task<string> LineAsync()
    {
        if (await lines.Reader.WaitToReadAsync(Cancel) && lines.Reader.TryRead(out var line))
            return line;
        Assert.Fail($"{string.Join(' ', process.StartInfo.ArgumentList)} ended without another line: {Errors}");
        return "";
    }

    /// <summary>The next <paramref name="count"/> lines.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(int count)
    {
        var taken = new List<string>(count);
        while (taken.Count < count)
            taken.Add(await LineAsync());
        return taken;
    }

    /// <summary>Reads lines until one fits, and returns it.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits)
    {
        while (true)
        {
            var line = await LineAsync();
            if (fits(line))
                return line;
        }
    }

    /// <summary>The lines nobody has read, once the program has ended.</summary>
    public async Task<IReadOnlyList<string>> RestAsync()
    {
        await reading.WaitAsync(Cancel);
        var rest = new List<string>();
        while (lines.Reader.TryRead(out var line))
            rest.Add(line);
        return rest;
    }

    /// <summary>Gives the program a line on its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line.AsMemory(), Cancel);
        await process.StandardInput.FlushAsync(Cancel);
    }

    /// <summary>Nothing more comes on its standard input.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Waits for its end; the exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await process.WaitForExitAsync(Cancel);
        await reading.WaitAsync(Cancel);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    /// <summary>A program on PATH or where Debian keeps servers.</summary>
    private static string Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.True(path is not null, $"{program} is not installed; this test needs it (.ci/run brings it)");
        return path;
    }

    private async Task ReadOutputAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            lines.Writer.TryWrite(line);
        lines.Writer.TryComplete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
            lock (errors)
                errors.AppendLine(line);
    }
}
