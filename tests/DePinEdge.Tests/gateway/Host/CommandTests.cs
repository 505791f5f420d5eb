using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DePinEdge.Client;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Commands;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>The command line as people and scripts meet it: exit codes, one clear line with a hint, JSON, help.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder temp = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string PrimesFile => RepositoryRoot.Of("device", "programs", "primes", "primes.wasm");

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Every_command_has_help_with_an_example()
    {
        var verbs = new List<string>();
        await VisitAsync(RootCommands.Create(), []);
        foreach (var needed in new[]
        {
            "demo", "gateway run", "broker run", "device invite", "device ls", "device show", "job submit", "job ls", "job show", "job results", "submit",
            "program check", "program run", "program add", "program ls", "unit ls", "account ls", "account issue", "ledger verify", "ledger show", "ledger export",
            "explain", "watch",
        })
            Assert.Contains(needed, verbs);

        async Task VisitAsync(Command command, string[] path)
        {
            var (code, output, _) = await RunAsync([.. path, "--help"]);
            Assert.Equal(ExitCodes.Ok, code);
            if (command.Subcommands.Count == 0)
            {
                verbs.Add(string.Join(' ', path));
                Assert.Contains("Example: depin " + string.Join(' ', path), output, StringComparison.Ordinal);
                Assert.Contains("--json", output, StringComparison.Ordinal);
            }
            foreach (var child in command.Subcommands)
                await VisitAsync(child, [.. path, child.Name]);
        }
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("job", "show")]
    [InlineData("job", "ls", "--frob")]
    [InlineData("gateway", "run", "--mqtt-port", "x")]
    [InlineData("gateway", "run", "--mqtt-port", "70000")]
    [InlineData("gateway", "run", "--mqtt-port", "-1")]
    [InlineData("gateway", "run", "--linger-ms", "1001")]
    [InlineData("gateway", "run", "--site", "My Site")]
    [InlineData("gateway", "run", "--bind", "here")]
    [InlineData("job", "ls", "--gateway", "nowhere")]
    public async Task A_wrong_command_line_exits_2_and_says_why(params string[] args)
    {
        var (code, output, error) = await RunAsync(args is ["gateway", ..] ? [.. args, "--data", temp.Path] : args);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains("hint: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--range", "5..5")]
    [InlineData("--range", "0-5")]
    [InlineData("--range", "0..5", "--price-micro", "-1")]
    [InlineData("--range", "0..5", "--max-credits", "-0.5")]
    [InlineData("--range", "0..5", "--max-credits", "0.0000001")]
    [InlineData("--range", "0..5", "--param", "width")]
    [InlineData("--range", "0..5", "--param", "width=-1")]
    [InlineData("--range", "0..5", "--param", "width=1", "--param", "width=2")]
    [InlineData("--title", "neither range nor input")]
    [InlineData("--range", "0..5", "--chunk", "80")]
    [InlineData("--input", "x", "--chunk", "0")]
    [InlineData("--input", "x", "--chunk", "1025")]
    [InlineData("--input", "x", "--chunk", "80", "--hex")]
    public async Task A_wrong_submission_exits_2(params string[] args)
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var (code, _, error) = await RunAsync(["submit", "primes", .. args, "--data", gateway.Folder]);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
    }

    [Theory]
    [InlineData("", "", "is empty")]
    [InlineData("01\n0g\n", "--hex", "line 2 is not hexadecimal")]
    [InlineData("01\n02\n012\n", "--hex", "line 3 is not hexadecimal")]
    public async Task Inputs_at_fault_are_named_by_file_and_line_and_nothing_is_submitted(string content, string option, string said)
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var file = temp.At("inputs");
        File.WriteAllText(file, content);
        string[] options = option.Length == 0 ? [] : [option];
        var (code, _, error) = await RunAsync(["submit", PrimesFile, "--input", file, .. options, "--data", gateway.Folder]);
        Assert.Equal(ExitCodes.BadData, code);
        Assert.Contains($"--input {file}", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
    }

    [Theory]
    [InlineData(1_024, false)]
    [InlineData(1_025, true)]
    public async Task An_input_line_has_at_most_1024_bytes(int bytes, bool refused)
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var file = temp.At("inputs");
        File.WriteAllText(file, "a\n" + new string('b', bytes) + "\n");
        var (code, _, error) = await RunAsync("submit", "nosuch", "--input", file, "--data", gateway.Folder);
        Assert.Equal(refused ? ExitCodes.BadData : ExitCodes.Failed, code);
        Assert.Equal(refused, error.Contains($"line 2 has {bytes} bytes, a task takes at most 1024", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_refused_before_the_job_is_submitted()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var file = temp.At("not-there/results.ndjson");
        var (code, output, error) = await RunAsync("submit", PrimesFile, "--range", "0..5", "-o", file, "--data", gateway.Folder);
        Assert.Equal((ExitCodes.BadData, ""), (code, output));
        Assert.Contains($"--output {file} cannot be written", error, StringComparison.Ordinal);
        Assert.Empty(await gateway.Client.JobsAsync(Cancel));
    }

    [Fact]
    public async Task Missing_credits_are_said_in_credits()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var (code, _, error) = await RunAsync("submit", PrimesFile, "--range", "0..5", "--max-credits", "0.25", "--data", gateway.Folder);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("req:local has 0.00 credits, the job sets 0.25 aside", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a whole number", "submit", "primes", "--range", "0..5", "--chunk", "abc")]
    [InlineData("a whole number", "gateway", "run", "--mqtt-port", "x")]
    [InlineData("a number", "submit", "primes", "--range", "0..5", "--max-credits", "abc")]
    [InlineData("--index -1 is negative", "program", "run", "PRIMES", "--index", "-1")]
    public async Task Numbers_that_are_none_are_refused_in_words(string said, params string[] args)
    {
        var (code, output, error) = await RunAsync([.. args.Select(arg => arg == "PRIMES" ? PrimesFile : arg)]);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_says_how_a_data_folder_is_named()
    {
        var (code, _, error) = await RunAsync("ledger", "verify", temp.Path);
        Assert.Equal(ExitCodes.BadData, code);
        Assert.Contains($"--data {temp.Path}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_gateway_commands_exit_3()
    {
        var (code, _, error) = await RunAsync("job", "ls", "--data", temp.Path);
        Assert.Equal(ExitCodes.Unreachable, code);
        Assert.Contains($"no gateway runs on {temp.Path}", error, StringComparison.Ordinal);
        Assert.Contains("depin gateway run", error, StringComparison.Ordinal);

        File.WriteAllText(temp.At("token"), "00");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        (code, _, error) = await RunAsync("job", "ls", "--data", temp.Path, "--gateway", $"http://127.0.0.1:{port}");
        Assert.Equal(ExitCodes.Unreachable, code);
        Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_in_use_exit_6_and_name_port_and_option()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var (option, other, name) in new[] { ("--mqtt-port", "--http-port", "MQTT"), ("--http-port", "--mqtt-port", "HTTP") })
        {
            var (code, _, error) = await RunAsync("gateway", "run", "--data", temp.At("data"), option, port.ToString(), other, "0");
            Assert.Equal(ExitCodes.PortInUse, code);
            Assert.Contains($"{name} port {port} on 127.0.0.1 is in use", error, StringComparison.Ordinal);
            Assert.Contains(option, error, StringComparison.Ordinal);
        }
        var broker = await RunAsync("broker", "run", "--port", port.ToString());
        Assert.Equal(ExitCodes.PortInUse, broker.Code);
        Assert.Contains("--port", broker.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_exits_5_and_is_named()
    {
        var folder = DataFolder.Open(temp.At("data"));
        File.WriteAllBytes(folder.Database, new byte[8_192].Select((_, i) => (byte)i).ToArray());
        foreach (var args in new string[][] { ["gateway", "run", "--mqtt-port", "0", "--http-port", "0"], ["ledger", "verify"], ["ledger", "export", "-o", temp.At("out")] })
        {
            var (code, _, error) = await RunAsync([.. args, "--data", folder.Path]);
            Assert.Equal(ExitCodes.BadData, code);
            Assert.Contains(folder.Database, error, StringComparison.Ordinal);
            Assert.Contains("hint: ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_second_gateway_on_a_folder_exits_5_and_names_the_first()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var (code, _, error) = await RunAsync("gateway", "run", "--data", gateway.Folder, "--mqtt-port", "0", "--http-port", "0");
        Assert.Equal(ExitCodes.BadData, code);
        Assert.Contains($"{gateway.Folder} is in use by another gateway (process {Environment.ProcessId})", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("device", "ls", "--data", gateway.Folder)).Code);
    }

    [Fact]
    public async Task Gateway_run_serves_until_it_is_stopped_and_exits_0()
    {
        using var stop = new CancellationTokenSource();
        var output = new SignalWriter();
        var folder = temp.At("data");
        var running = RootCommands.RunAsync(["gateway", "run", "--data", folder, "--mqtt-port", "0", "--http-port", "0", "--json"], output, new StringWriter(), stop.Token);
        using var ready = JsonDocument.Parse(await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        Assert.InRange(ready.RootElement.GetProperty("mqtt_port").GetInt32(), 1, 65_535);
        Assert.Equal(0, (await RunAsync("account", "issue", "alice", "1.5", "--data", folder)).Code);
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await running.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        Assert.Equal(ExitCodes.Unreachable, (await RunAsync("account", "ls", "--data", folder)).Code);
        var (code, verified, _) = await RunAsync("ledger", "verify", "--data", folder, "--json");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(1_500_000, JsonDocument.Parse(verified).RootElement.GetProperty("issued_micro").GetInt64());
    }

    [Fact]
    public async Task Broker_run_prints_its_counters_at_the_end()
    {
        using var stop = new CancellationTokenSource();
        var output = new SignalWriter();
        var running = RootCommands.RunAsync(["broker", "run", "--port", "0", "--json"], output, new StringWriter(), stop.Token);
        using var ready = JsonDocument.Parse(await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        using (var client = new RawMqtt(ready.RootElement.GetProperty("port").GetInt32()))
        {
            client.Connect("one");
            Assert.Equal(0x20, client.Read().Type);
            client.Publish("a", [1], 1);
            Assert.Equal(0x40, client.Read().Type);
        }
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await running.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        using var summary = JsonDocument.Parse(output.ToString().Split('\n')[1]);
        Assert.Equal(1, summary.RootElement.GetProperty("publishes_in").GetInt64());
    }

    [Fact]
    public async Task Programs_are_checked_and_run_without_a_gateway()
    {
        var (code, output, _) = await RunAsync("program", "check", PrimesFile, "--json");
        Assert.Equal(ExitCodes.Ok, code);
        using var check = JsonDocument.Parse(output);
        Assert.Equal("primes", check.RootElement.GetProperty("name").GetString());
        Assert.Equal("sum", check.RootElement.GetProperty("reduce").GetString());

        (code, output, _) = await RunAsync("program", "run", PrimesFile, "--index", "0", "--param", "width=100", "--json");
        Assert.Equal(ExitCodes.Ok, code);
        using var run = JsonDocument.Parse(output);
        Assert.Equal(25, run.RootElement.GetProperty("value").GetInt64());
        Assert.Equal(ExitCodes.Usage, (await RunAsync("program", "run", PrimesFile)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("program", "run", PrimesFile, "--index", "0", "--param", "depth=1")).Code);
        (code, output, _) = await RunAsync("program", "run", PrimesFile, "--index", "0", "--fuel-limit", "10", "--json");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("OUT_OF_FUEL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_module_is_refused_with_file_and_byte()
    {
        var wasm = TestGateway.Primes();
        wasm[4] = 2;
        var file = temp.At("bad.wasm");
        File.WriteAllBytes(file, wasm);
        foreach (var verb in new[] { "check", "run" })
        {
            var (code, _, error) = await RunAsync("program", verb, file);
            Assert.Equal(ExitCodes.Failed, code);
            Assert.Contains($"{file} is refused at byte 4", error, StringComparison.Ordinal);
        }
        await using var gateway = await TestGateway.StartAsync(temp);
        var added = await RunAsync("program", "add", file, "--data", gateway.Folder);
        Assert.Equal(ExitCodes.Failed, added.Code);
        Assert.Contains("byte 4", added.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadData, (await RunAsync("program", "check", temp.At("absent.wasm"))).Code);
    }

    [Fact]
    public async Task A_ledger_is_exported_verified_and_a_changed_export_is_refused_with_4()
    {
        string folder;
        await using (var gateway = await TestGateway.StartAsync(temp))
        {
            folder = gateway.Folder;
            await gateway.Client.IssueAsync("alice", 5, Cancel);
            var file = temp.At("ledger.depin");
            Assert.Equal(ExitCodes.Ok, (await RunAsync("ledger", "export", "-o", file, "--data", folder)).Code);
            Assert.Equal(ExitCodes.Ok, (await RunAsync("ledger", "verify", file)).Code);
            Assert.Equal(ExitCodes.Ok, (await RunAsync("ledger", "export", "-o", temp.At("ledger.ndjson"), "--ndjson", "--data", folder)).Code);
            Assert.Contains("\"amount_micro\":5", File.ReadAllText(temp.At("ledger.ndjson")), StringComparison.Ordinal);
            Assert.Equal(ExitCodes.BadData, (await RunAsync("ledger", "verify", temp.At("absent"))).Code);
        }
        using (var database = SqliteDatabase.Open(DataFolder.At(folder).Database, readOnly: false))
            database.Execute("UPDATE turn SET head = zeroblob(32) WHERE seq = 1");
        var (code, output, error) = await RunAsync("ledger", "verify", "--data", folder, "--json");
        Assert.Equal(ExitCodes.VerificationFailed, code);
        Assert.False(JsonDocument.Parse(output).RootElement.GetProperty("verified").GetBoolean());
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_speak_to_a_running_gateway()
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var data = gateway.Folder;
        Assert.Equal(0, (await RunAsync("account", "issue", "local", "100", "--data", data)).Code);
        var invite = await RunAsync("device", "invite", "--name", "b1", "--data", data, "--json");
        Assert.Equal(33, JsonDocument.Parse(invite.Output).RootElement.GetProperty("join_code").GetString()!.Length);
        var submitted = await RunAsync("submit", PrimesFile, "--range", "0..3", "--detach", "--data", data, "--json");
        Assert.Equal("j1", JsonDocument.Parse(submitted.Output).RootElement.GetProperty("id").GetString());
        var estimate = await RunAsync("job", "submit", "primes", "--range", "0..3", "--dry-run", "--data", data);
        Assert.Contains("unknown: no board is online", estimate.Output, StringComparison.Ordinal);
        Assert.Contains("0/3", (await RunAsync("job", "ls", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains("running", (await RunAsync("job", "show", "j1", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains("cancelled", (await RunAsync("job", "cancel", "j1", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("job", "results", "j1", "-o", temp.At("results"), "--data", data)).Code);
        Assert.Equal("", File.ReadAllText(temp.At("results")));
        Assert.Contains("primes", (await RunAsync("program", "ls", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains("req:local", (await RunAsync("account", "ls", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains("balanced", (await RunAsync("ledger", "show", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("unit", "ls", "--data", data)).Code);
        var unknown = await RunAsync("device", "show", "nobody", "--data", data);
        Assert.Equal(ExitCodes.Failed, unknown.Code);
        Assert.Contains("nobody", unknown.Error, StringComparison.Ordinal);
        var program = await RunAsync("submit", "nothing", "--range", "0..3", "--data", data);
        Assert.Equal(ExitCodes.Failed, program.Code);
        Assert.Contains("there are: primes", program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("headers.bin", "80", 324)]
    [InlineData("headers.bin", "960", 27)]
    [InlineData("headers.bin", "400", 65)]
    public async Task A_binary_file_is_cut_into_chunks_one_task_each(string file, string chunk, long tasks)
    {
        await using var gateway = await TestGateway.StartAsync(temp);
        var headers = RepositoryRoot.Of("device", "programs", "headers");
        string[] submit = ["submit", Path.Combine(headers, "headers.wasm"), "--input", Path.Combine(headers, file), "--chunk", chunk, "--data", gateway.Folder, "--json"];
        var (code, output, error) = await RunAsync([.. submit, "--dry-run"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(tasks, JsonDocument.Parse(output).RootElement.GetProperty("tasks").GetInt64());
    }

    [Theory]
    [InlineData("headers", 325, 80)]
    [InlineData("digits", 113, 1_024)]
    [InlineData("lj", 210, 500)]
    public async Task The_inputs_of_the_samples_are_lines_for_hex(string name, int tasks, int bytes)
    {
        var (code, output, _) = await RunAsync("program", "inputs", name);
        var lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, tasks, bytes), (code, lines.Length, Convert.FromHexString(lines[0]).Length));
        Assert.Equal((0, "", ""), await RunAsync("program", "inputs", name, "-o", temp.At("inputs.hex")));
        Assert.Equal(lines, File.ReadAllLines(temp.At("inputs.hex")));
        Assert.Equal(ExitCodes.Usage, (await RunAsync("program", "inputs", "primes")).Code);
    }

    [Fact]
    public void Plain_tables_align_and_need_no_terminal()
    {
        var table = new TextTable("NAME", "#COUNT");
        table.Add(["a", "1,000"]);
        table.Add(["longer", "7"]);
        using var output = new StringWriter { NewLine = "\n" };
        table.Write(output, isTerminal: false);
        Assert.Equal("NAME    COUNT\na       1,000\nlonger      7\n", output.ToString());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RootCommands.RunAsync(args, output, error, Cancel);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Tells when its first line is whole.</summary>
    private sealed class SignalWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => first.Task;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            first.TrySetResult(ToString().Split('\n')[0]);
            return Task.CompletedTask;
        }
    }
}
