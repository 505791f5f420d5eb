using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DePinEdge.Client;

/// <summary>
/// A requester's or operator's way to a gateway: the REST API below /api/v1, typed. Every method throws <see cref="DepinException"/> when
/// the gateway refuses, does not answer, or is something else. Safe for use from several threads at once.
/// </summary>
public sealed class DepinClient : IDisposable
{
    private readonly HttpApi api;

    /// <summary>A client of the gateway at <paramref name="gateway"/> (http://127.0.0.1:8080), with the content of its file `token`.</summary>
    /// <param name="handler">For tests; owned by the client.</param>
    public DepinClient(Uri gateway, string token, HttpMessageHandler? handler = null)
    {
        var http = handler is null ? new HttpClient() : new HttpClient(handler);
        http.BaseAddress = new Uri(gateway, "/api/v1/");
        http.Timeout = Timeout.InfiniteTimeSpan; // long waits and streams; every method takes a token
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        api = new HttpApi(http);
    }

    /// <summary>Makes a join code. Empty name: the board's own; empty owner: claimed later; 0 ms: 15 minutes.</summary>
    public Task<Invite> InviteAsync(string name = "", string owner = "", long lifetimeMs = 0, CancellationToken cancel = default) =>
        api.PostAsync("devices:invite", new InviteBody(name, owner, lifetimeMs), WireJson.Default.InviteBody, ClientJson.Default.Invite, cancel);

    /// <summary>Every device, by id.</summary>
    public async Task<IReadOnlyList<Device>> DevicesAsync(CancellationToken cancel = default) =>
        await api.GetAsync("devices", ClientJson.Default.ListDevice, cancel);

    /// <summary>One device.</summary>
    public Task<Device> DeviceAsync(string id, CancellationToken cancel = default) =>
        api.GetAsync("devices/" + Uri.EscapeDataString(id), ClientJson.Default.Device, cancel);

    /// <summary>A device's last receipt lines, newest first.</summary>
    public async Task<IReadOnlyList<Receipt>> ReceiptsAsync(string device, CancellationToken cancel = default) =>
        await api.GetAsync($"devices/{Uri.EscapeDataString(device)}/receipts", ClientJson.Default.ListReceipt, cancel);

    /// <summary>Every compute unit.</summary>
    public async Task<IReadOnlyList<Unit>> UnitsAsync(CancellationToken cancel = default) => await api.GetAsync("units", ClientJson.Default.ListUnit, cancel);

    /// <summary>The library.</summary>
    public async Task<IReadOnlyList<ProgramEntry>> ProgramsAsync(CancellationToken cancel = default) =>
        await api.GetAsync("programs", ClientJson.Default.ListProgramEntry, cancel);

    /// <summary>One program by hash, prefix or name.</summary>
    public Task<ProgramEntry> ProgramAsync(string program, CancellationToken cancel = default) =>
        api.GetAsync("programs/" + Uri.EscapeDataString(program), ClientJson.Default.ProgramEntry, cancel);

    /// <summary>Adds a .wasm module. A refusal carries <see cref="DepinException.ByteOffset"/>.</summary>
    public Task<ProgramEntry> AddProgramAsync(ReadOnlyMemory<byte> wasm, CancellationToken cancel = default)
    {
        var content = new ReadOnlyMemoryContent(wasm);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
        return api.SendAsync(HttpMethod.Post, "programs", content, null, ClientJson.Default.ProgramEntry, cancel);
    }

    /// <summary>Submits a job. The same key (of the same requester) is the same job, however often it is sent; null makes no promise.</summary>
    public Task<Job> SubmitAsync(JobSubmission job, string? idempotencyKey = null, CancellationToken cancel = default) => api.SendAsync(
        HttpMethod.Post, "jobs", HttpApi.Json(job, ClientJson.Default.JobSubmission), idempotencyKey, ClientJson.Default.Job, cancel);

    /// <summary>What a job would cost.</summary>
    public Task<Estimate> EstimateAsync(JobSubmission job, CancellationToken cancel = default) =>
        api.PostAsync("jobs:estimate", job, ClientJson.Default.JobSubmission, ClientJson.Default.Estimate, cancel);

    /// <summary>The jobs, newest first.</summary>
    public async Task<IReadOnlyList<Job>> JobsAsync(CancellationToken cancel = default) => await api.GetAsync("jobs", ClientJson.Default.ListJob, cancel);

    /// <summary>One job; with <paramref name="waitSeconds"/> (at most 60) answered when it ends or the time is over.</summary>
    public Task<Job> JobAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => api.GetAsync(
        $"jobs/{Uri.EscapeDataString(id)}" + (waitSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"?wait={waitSeconds}s") : ""),
        ClientJson.Default.Job, cancel);

    /// <summary>Waits until the job has ended, however long that takes.</summary>
    public async Task<Job> WaitAsync(string id, CancellationToken cancel = default)
    {
        Job job;
        do
            job = await JobAsync(id, 30, cancel);
        while (!job.Ended);
        return job;
    }

    /// <summary>A job's verified results so far, by task, as they come over the wire.</summary>
    public async IAsyncEnumerable<TaskResult> ResultsAsync(string id, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stream = await api.OpenAsync($"jobs/{Uri.EscapeDataString(id)}/results", cancel);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return JsonSerializer.Deserialize(line, ClientJson.Default.TaskResult) ?? throw HttpApi.NotOurs("a result line is null");
    }

    /// <summary>A job as it changes, until it ends or the stream breaks off.</summary>
    public async IAsyncEnumerable<Job> ProgressAsync(string id, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stream = await api.OpenAsync($"jobs/{Uri.EscapeDataString(id)}/events", cancel);
        var parser = SseParser.Create(stream, static (_, data) => JsonSerializer.Deserialize(data, ClientJson.Default.Job));
        await foreach (var item in parser.EnumerateAsync(cancel))
            yield return item.Data ?? throw HttpApi.NotOurs("a progress event is null");
    }

    /// <summary>Cancels a job; what was done is paid.</summary>
    public Task<Job> CancelAsync(string id, CancellationToken cancel = default) =>
        api.SendAsync(HttpMethod.Delete, "jobs/" + Uri.EscapeDataString(id), null, null, ClientJson.Default.Job, cancel);

    /// <summary>Every account.</summary>
    public async Task<IReadOnlyList<Account>> AccountsAsync(CancellationToken cancel = default) =>
        await api.GetAsync("accounts", ClientJson.Default.ListAccount, cancel);

    /// <summary>Issues credits from the treasury to a requester.</summary>
    public Task<Account> IssueAsync(string requester, long amountMicro, CancellationToken cancel = default) => api.PostAsync(
        $"accounts/{Uri.EscapeDataString(requester)}:issue", new IssueBody(amountMicro), WireJson.Default.IssueBody, ClientJson.Default.Account, cancel);

    /// <summary>The ledger in one line.</summary>
    public Task<LedgerInfo> LedgerAsync(CancellationToken cancel = default) => api.GetAsync("ledger", ClientJson.Default.LedgerInfo, cancel);

    /// <summary>Seals an epoch now.</summary>
    public Task<LedgerInfo> SealAsync(CancellationToken cancel = default) =>
        api.SendAsync(HttpMethod.Post, "ledger:seal", null, null, ClientJson.Default.LedgerInfo, cancel);

    public void Dispose() => api.Dispose();
}
