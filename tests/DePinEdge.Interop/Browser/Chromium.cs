using System.Diagnostics;
using System.Text.Json;

namespace DePinEdge.Interop.Browser;

/// <summary>Debian's Chromium without a window, with a profile of its own that is gone afterwards. Not installed, the test fails.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly Process process;
    private readonly string profile;
    private readonly HttpClient http;

    private Chromium(Process process, string profile, Uri url)
    {
        this.process = process;
        this.profile = profile;
        http = new HttpClient { BaseAddress = url };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Chromium> StartAsync()
    {
        const string path = "/usr/bin/chromium";
        Assert.True(File.Exists(path), "chromium is not installed; this test needs it (.ci/run brings it)");
        var profile = Directory.CreateTempSubdirectory("depin-chromium-").FullName;
        string[] arguments =
        [
            "--headless", "--no-sandbox", // in a container there is often no user namespace; the only page opened is our own
            "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        const string says = "DevTools listening on ws://";
        while (await process.StandardError.ReadLineAsync(Cancel) is { } line)
        {
            if (!line.StartsWith(says, StringComparison.Ordinal))
                continue;
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new Chromium(process, profile, new Uri("http://" + line[says.Length..].Split('/')[0]));
        }
        Assert.Fail("chromium ended before it listened");
        return null!;
    }

    /// <summary>A new tab.</summary>
    public async Task<Tab> OpenAsync()
    {
        using var response = await http.PutAsync("json/new?about:blank", null, Cancel);
        using var target = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return await Tab.ConnectAsync(new Uri(target.RootElement.GetProperty("webSocketDebuggerUrl").GetString()!));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        try
        {
            Directory.Delete(profile, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may still be writing its last file; the folder is below the system's temporary one.
        }
    }
}
