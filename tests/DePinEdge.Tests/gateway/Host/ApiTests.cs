using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DePinEdge.Client;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>The REST API over real HTTP: what is refused, with which status, words and field.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();
    private readonly HttpClient http = new();
    private TestGateway gateway = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(temp);
        http.BaseAddress = gateway.Url;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Host.Token);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway.DisposeAsync();
        temp.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 00")]
    [InlineData("Basic 00")]
    public async Task Without_the_token_nothing_is_told_but_where_it_is(string? header)
    {
        using var stranger = new HttpClient { BaseAddress = gateway.Url };
        if (header is not null)
            stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        var response = await stranger.GetAsync("api/v1/devices", Cancel);
        var problem = await ProblemAsync(response, HttpStatusCode.Unauthorized);
        Assert.Equal("bad-token", problem.GetProperty("code").GetString());
        Assert.Contains("token", problem.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task The_probes_need_no_token()
    {
        using var stranger = new HttpClient { BaseAddress = gateway.Url };
        Assert.Equal("ok\n", await stranger.GetStringAsync("livez", Cancel));
        Assert.Contains("\"ready\":true", await stranger.GetStringAsync("readyz", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_is_told_in_numbers()
    {
        var status = JsonDocument.Parse(await http.GetByteArrayAsync("api/v1/status", Cancel)).RootElement;
        Assert.Equal(gateway.Host.MqttPort, status.GetProperty("mqtt_port").GetInt32());
        Assert.Equal(0, status.GetProperty("loop").GetProperty("full_disk").GetInt64());
    }

    [Fact]
    public async Task An_estimate_beyond_what_can_be_counted_says_the_most_that_can()
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        const string most = "9223372036854775807";
        using var content = new StringContent($$"""{"program":"primes","range":{"from":0,"to":{{most}}},"price_micro":{{most}}}""", Encoding.UTF8, "application/json");
        var answer = await http.PostAsync("api/v1/jobs:estimate", content, Cancel);
        var estimate = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel)).RootElement;
        Assert.Equal(long.MaxValue, estimate.GetProperty("credits_micro").GetInt64());
        Assert.Equal(long.MaxValue, estimate.GetProperty("credits_max_micro").GetInt64());
    }

    [Theory]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"owner":null}""", "owner")]
    public async Task A_null_where_a_word_belongs_is_refused_and_the_gateway_goes_on(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var problem = await ProblemAsync(await http.PostAsync("api/v1/devices:invite", content, Cancel), HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.False(gateway.Host.Loop.Completion.IsCompleted);
    }

    [Theory]
    [InlineData("", "bad-json", null)]
    [InlineData("{", "bad-json", null)]
    [InlineData("[]", "bad-json", null)]
    [InlineData("null", "bad-json", null)]
    [InlineData("""{"program":"primes","price_micro":"much"}""", "bad-field", "price_micro")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":"ten"}}""", "bad-field", "range.to")]
    [InlineData("""{"program":"primes","wage":1}""", "bad-field", "wage")]
    [InlineData("""{"range":{"from":0,"to":1}}""", "unknown-program", "program")]
    [InlineData("""{"program":"nothing","range":{"from":0,"to":1}}""", "unknown-program", "program")]
    [InlineData("""{"program":"primes"}""", "bad-field", "range")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"inputs":["00"]}""", "bad-field", "range")]
    [InlineData("""{"program":"primes","range":{"from":1,"to":1}}""", "bad-range", "range")]
    [InlineData("""{"program":"primes","range":{"from":-1,"to":1}}""", "bad-range", "range")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"price_micro":-1}""", "negative-price", "price_micro")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"max_credits_micro":-1}""", "bad-field", "max_credits_micro")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"fuel_limit":-1}""", "bad-field", "fuel_limit")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"params":{"colour":1}}""", "bad-params", "params")]
    [InlineData("""{"program":"primes","inputs":["0"]}""", "bad-field", "inputs[0]")]
    [InlineData("""{"program":"primes","inputs":["00",null]}""", "bad-field", "inputs[1]")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"title":null}""", "bad-field", "title")]
    [InlineData("""{"program":"primes","range":{"from":0,"to":1},"requester":null}""", "bad-field", "requester")]
    public async Task A_bad_job_is_refused_by_the_field_at_fault(string body, string code, string? field)
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await http.PostAsync("api/v1/jobs", content, Cancel);
        var problem = await ProblemAsync(response, code == "unknown-program" ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var at) ? at.GetString() : null);
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
    }

    [Fact]
    public async Task An_unknown_program_is_answered_with_what_exists()
    {
        var empty = await Assert.ThrowsAsync<DepinException>(() => Submit("primes"));
        Assert.Contains("library is empty", empty.Hint, StringComparison.Ordinal);
        var program = await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        var failure = await Assert.ThrowsAsync<DepinException>(() => Submit("prime"));
        Assert.Equal(("unknown-program", 404, "program"), (failure.Code, failure.Status, failure.Field));
        Assert.Contains("primes " + program.Hash[..12], failure.Hint, StringComparison.Ordinal);
        Assert.Equal("unknown-program", (await Assert.ThrowsAsync<DepinException>(() => Submit(program.Hash[..5]))).Code);
        await gateway.Client.IssueAsync("local", 1_000_000_000, Cancel);
        Assert.Equal("j1", (await Submit(program.Hash[..6])).Id);
        Assert.Equal("j2", (await Submit(program.Hash)).Id);
        Assert.Equal("j3", (await Submit("primes")).Id);

        Task<Job> Submit(string name) => gateway.Client.SubmitAsync(new JobSubmission { Program = name, Range = new JobRange(0, 1) }, null, Cancel);
    }

    [Fact]
    public async Task A_bad_module_is_refused_with_its_byte()
    {
        var wasm = TestGateway.Primes();
        wasm[4] = 2; // version
        var failure = await Assert.ThrowsAsync<DepinException>(() => gateway.Client.AddProgramAsync(wasm, Cancel));
        Assert.Equal(("bad-module", 422), (failure.Code, failure.Status));
        Assert.Equal(4, failure.ByteOffset);
        Assert.Empty(await gateway.Client.ProgramsAsync(Cancel));
    }

    [Fact]
    public async Task Bodies_past_their_limit_are_refused_and_at_it_they_are_read()
    {
        using var large = Wasm(new byte[(1 << 20) + 1]);
        await ProblemAsync(await http.PostAsync("api/v1/programs", large, Cancel), HttpStatusCode.RequestEntityTooLarge);
        using var fits = Wasm(new byte[1 << 20]);
        await ProblemAsync(await http.PostAsync("api/v1/programs", fits, Cancel), HttpStatusCode.UnprocessableEntity);
        using var text = new StringContent("(module)");
        await ProblemAsync(await http.PostAsync("api/v1/programs", text, Cancel), HttpStatusCode.UnsupportedMediaType);
        using var json = new ByteArrayContent(new byte[(8 << 20) + 1]);
        await ProblemAsync(await http.PostAsync("api/v1/jobs", json, Cancel), HttpStatusCode.RequestEntityTooLarge);

        static ByteArrayContent Wasm(byte[] bytes)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
            return content;
        }
    }

    [Fact]
    public async Task A_job_without_credits_is_refused_before_it_exists()
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        var failure = await Assert.ThrowsAsync<DepinException>(
            () => gateway.Client.SubmitAsync(new JobSubmission { Program = "primes", Range = new JobRange(0, 10) }, null, Cancel));
        Assert.Equal(("insufficient-credits", 402), (failure.Code, failure.Status));
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
    }

    [Fact]
    public async Task A_submission_answers_202_with_its_place()
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        await gateway.Client.IssueAsync("local", 1_000_000_000, Cancel);
        using var content = new StringContent("""{"program":"primes","range":{"from":0,"to":1}}""", Encoding.UTF8, "application/json");
        var response = await http.PostAsync("api/v1/jobs", content, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("/api/v1/jobs/j1", response.Headers.Location!.ToString());
        Assert.Contains("\"id\":\"j1\"", await http.GetStringAsync(response.Headers.Location, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_estimate_runs_at_most_eight_tasks_and_charges_nothing()
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        var estimate = await gateway.Client.EstimateAsync(new JobSubmission { Program = "primes", Range = new JobRange(0, 2_000), PriceMicro = 1_000_000 }, Cancel);
        Assert.Equal((2_000L, 8, (double?)null), (estimate.Tasks, estimate.Sampled, estimate.Seconds));
        Assert.Equal(estimate.FuelMean * 2_000, estimate.FuelTotal);
        Assert.Equal(estimate.FuelTotal, estimate.CreditsMicro);
        Assert.Empty(estimate.Problems);
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
        var few = await gateway.Client.EstimateAsync(new JobSubmission { Program = "primes", Range = new JobRange(0, 3) }, Cancel);
        Assert.Equal(3, few.Sampled);
    }

    [Theory]
    [InlineData("wait=61s", HttpStatusCode.BadRequest)]
    [InlineData("wait=-1", HttpStatusCode.BadRequest)]
    [InlineData("wait=soon", HttpStatusCode.BadRequest)]
    [InlineData("wait=0s", HttpStatusCode.NotFound)]
    [InlineData("wait=60s", HttpStatusCode.NotFound)]
    public async Task A_wait_has_bounds(string query, HttpStatusCode status) =>
        await ProblemAsync(await http.GetAsync("api/v1/jobs/j1?" + query, Cancel), status);

    [Theory]
    [InlineData("GET", "api/v1/nothing")]
    [InlineData("GET", "api/v1/jobs/j1")]
    [InlineData("GET", "api/v1/jobs/j1/results")]
    [InlineData("GET", "api/v1/jobs/j1/events")]
    [InlineData("DELETE", "api/v1/jobs/j1")]
    [InlineData("DELETE", "api/v1/jobs/x")]
    [InlineData("GET", "api/v1/devices/none")]
    [InlineData("GET", "api/v1/devices/none/receipts")]
    [InlineData("GET", "api/v1/programs/none")]
    public async Task What_is_not_there_is_a_problem_too(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await ProblemAsync(await http.SendAsync(request, Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Issuing_needs_a_positive_amount_and_a_name()
    {
        foreach (var amount in new[] { 0, -1, long.MinValue })
            Assert.Equal("amount_micro", (await Assert.ThrowsAsync<DepinException>(() => gateway.Client.IssueAsync("alice", amount, Cancel))).Field);
        Assert.Equal("bad-requester", (await Assert.ThrowsAsync<DepinException>(() => gateway.Client.IssueAsync("Alice", 1, Cancel))).Code);
        Assert.Equal(1, (await gateway.Client.IssueAsync("alice", 1, Cancel)).BalanceMicro);
    }

    [Fact]
    public async Task A_sealed_epoch_is_signed_by_the_sites_key()
    {
        await gateway.Client.IssueAsync("alice", 1, Cancel);
        Assert.Equal(1, (await gateway.Client.SealAsync(Cancel)).Epoch);
        LedgerInfo ledger;
        do
            ledger = await gateway.Client.LedgerAsync(Cancel);
        while (!ledger.EpochSigned);
        Assert.Equal(64, ledger.EpochHead.Length);
    }

    [Fact]
    public async Task The_clients_shapes_are_those_of_the_api()
    {
        await gateway.Client.AddProgramAsync(TestGateway.Primes(), Cancel);
        await gateway.Client.IssueAsync("local", 1_000_000_000, Cancel);
        var invite = await gateway.Client.InviteAsync("b1", "alice", 60_000, Cancel);
        Assert.Equal(("b1", "alice"), (invite.Name, invite.Owner));
        var job = await gateway.Client.SubmitAsync(new JobSubmission { Program = "primes", Title = "t", Range = new JobRange(0, 3) }, null, Cancel);
        await SameAsync("api/v1/jobs/j1", JsonSerializer.Serialize(await gateway.Client.JobAsync(job.Id, 0, Cancel), ClientJson.Default.Job));
        await SameAsync("api/v1/programs/primes", JsonSerializer.Serialize(await gateway.Client.ProgramAsync("primes", Cancel), ClientJson.Default.ProgramEntry));
        await SameAsync("api/v1/ledger", JsonSerializer.Serialize(await gateway.Client.LedgerAsync(Cancel), ClientJson.Default.LedgerInfo));

        async Task SameAsync(string path, string ours)
        {
            using var theirs = JsonDocument.Parse(await http.GetStringAsync(path, Cancel));
            using var mine = JsonDocument.Parse(ours);
            Assert.Equal(theirs.RootElement.EnumerateObject().Select(p => p.Name), mine.RootElement.EnumerateObject().Where(p => p.Name != "ended").Select(p => p.Name));
        }
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.StartsWith("urn:depin:problem:", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        return problem;
    }
}
