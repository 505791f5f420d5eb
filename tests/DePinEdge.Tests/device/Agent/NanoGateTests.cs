// The agent's sources as a board would get them: the gate's own assembly is clean, and each rule of the scan has a sample that breaks it.
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DePinEdge.Tests.Device.Agent;

public class NanoGateTests
{
    [Fact]
    public void The_agent_holds_nothing_that_breaks_on_a_board()
    {
        var configuration = typeof(NanoGateTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var path = RepositoryRoot.Of("device", "DePinEdge.Agent.Nano", "bin", configuration, "net10.0", "DePinEdge.Agent.Nano.dll");
        using var gate = File.OpenRead(path);

        var findings = NanoIlScan.Scan(gate);

        Assert.True(findings.Count == 0, string.Join('\n', findings.Select(f => $"{f.Rule}: {f.Where}")));
    }

    [Fact]
    public void The_gate_compiles_the_same_sources_as_the_agent()
    {
        var configuration = typeof(NanoGateTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var path = RepositoryRoot.Of("device", "DePinEdge.Agent.Nano", "bin", configuration, "net10.0", "DePinEdge.Agent.Nano.dll");
        using var gate = Mono.Cecil.ModuleDefinition.ReadModule(path);

        var onBoards = gate.Types.Where(t => t.Namespace.StartsWith("DePinEdge.", StringComparison.Ordinal)).Select(t => t.FullName).Order(StringComparer.Ordinal);
        var onDotNet = typeof(DePinEdge.Agent.Session.BoardAgent).Assembly.GetTypes()
            .Where(t => t is { IsNested: false, Namespace: not null } && t.Namespace.StartsWith("DePinEdge.", StringComparison.Ordinal))
            .Select(t => t.FullName!).Order(StringComparer.Ordinal);

        Assert.Equal(onDotNet, onBoards);
        Assert.Empty(gate.AssemblyReferences);
    }

    public static TheoryData<string, string> Samples => new()
    {
        { NanoIlScan.Generics, "class Box<T> { public T Value; }" },
        { NanoIlScan.Generics, "class C { T Same<T>(T x) => x; }" },
        { NanoIlScan.Generics, "delegate T Maker<T>();" },
        { NanoIlScan.MultiDimensionalArray, "class C { int[,] table; }" },
        { NanoIlScan.MultiDimensionalArray, "class C { int Sum() { var t = new int[2, 2]; return t[0, 1]; } }" },
        { NanoIlScan.CheckedArithmetic, "class C { int Add(int a, int b) => checked(a + b); }" },
        { NanoIlScan.CheckedArithmetic, "class C { uint Multiply(uint a, uint b) => checked(a * b); }" },
        { NanoIlScan.CheckedArithmetic, "class C { byte Narrow(int a) => checked((byte)a); }" },
        { NanoIlScan.DefaultInterfaceMethod, "interface I { int Twice(int x) => x + x; }" },
        { NanoIlScan.UnguardedDivision, "class C { int Divide(int a, int b) => a / b; }" },
        { NanoIlScan.UnguardedDivision, "class C { ulong Rest(ulong a, ulong b) => a % b; }" },
        { NanoIlScan.UnguardedDivision, "class C { int Divide(int a) => a / -1; }" },
        { NanoIlScan.UnguardedDivision, "class C { int Divide(int a, bool c) => a / (c ? 2 : 0); }" },
        { NanoIlScan.UnguardedDivision, "class C { double Divide(double a, double b) => a / b; }" },
        { NanoIlScan.UnguardedDivision, "class C { int Guarded(int a, int b) => b > 0 ? a / b : 0; }" },
        { NanoIlScan.LargeSwitch, $"class C {{ int Pick(int x) {{ switch (x) {{ {Cases(256)} default: return -1; }} }} }}" },
        { NanoIlScan.StackAllocation, "unsafe class C { int First() { int* p = stackalloc int[4]; return p[0]; } }" },
        { NanoIlScan.PinnedVariable, "unsafe class C { int First(int[] a) { fixed (int* p = &a[0]) return *p; } }" },
        { NanoIlScan.LargeMethod, $"class C {{ int x; void Run() {{ {Repeat("x = x + 100000;", 3000)} }} }}" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_compiles_and_then_breaks_is_refused(string rule, string source)
    {
        var findings = NanoIlScan.Scan(Compile(source));

        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.Equal(rule, f.Rule));
    }

    public static TheoryData<string> Allowed => new()
    {
        "class C { int Divide(int a) => a / 3 + a % 10; }",
        "class C { long Divide(long a) => a / 10 + a % 1000000000000; }",
        "class C { ulong Divide(ulong a) => a / 7; }",
        "static class SafeMath { public static int Div(int a, int b) => b == 0 ? 0 : b == -1 ? 0 - a : a / b; }",
        "class C { int[][] jagged; int Sum() => jagged[0][0]; }",
        "interface I { int Twice(int x); } class C : I { public int Twice(int x) => x + x; }",
        "class C { int Run(string s) { try { return s.Length; } catch (System.Exception e) when (e.Message.Length > 3) { return 0; } finally { } } }",
        $"class C {{ int Pick(int x) {{ switch (x) {{ {Cases(255)} default: return -1; }} }} }}",
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void What_works_on_boards_is_let_through(string source) => Assert.Empty(NanoIlScan.Scan(Compile(source)));

    [Theory]
    [InlineData("class C { System.Collections.Generic.List<int> list; }")]
    [InlineData("class C { System.Span<byte> Bytes(byte[] b) => b; }")]
    [InlineData("class C { (int, int) Pair() => (1, 2); }")]
    [InlineData("class C { int? Maybe() => null; }")]
    [InlineData("class C { byte Last(byte[] b) => b[^1]; }")]
    [InlineData("class C { decimal Price() => 1.5m; }")]
    [InlineData("record R(int X);")]
    [InlineData("class C { string Two(string a) => string.Join(\",\", new[] { a, a }); }")]
    [InlineData("class C { string Clean(string a) => a.Replace(\"x\", \"y\"); }")]
    [InlineData("class C { async System.Threading.Tasks.Task Wait() { } }")]
    [InlineData("class C { void Now() { var now = System.Diagnostics.Stopwatch.GetTimestamp(); } }")]
    public void What_boards_do_not_have_does_not_compile(string source) =>
        Assert.Contains(Compilation(source).GetDiagnostics(TestContext.Current.CancellationToken), d => d.Severity == DiagnosticSeverity.Error);

    private static MemoryStream Compile(string source)
    {
        var image = new MemoryStream();
        var result = Compilation(source).Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return image;
    }

    private static CSharpCompilation Compilation(string source)
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14).WithFeatures([new("noRefSafetyRulesAttribute", "true")]);
        var trees = Directory.GetFiles(RepositoryRoot.Of("device", "DePinEdge.Agent.Nano", "Surface"), "*.cs")
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), parse))
            .Append(CSharpSyntaxTree.ParseText(source, parse));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release);
        return CSharpCompilation.Create("sample", trees, references: [], options);
    }

    private static string Cases(int count)
    {
        var cases = new StringBuilder();
        for (var i = 0; i < count; i++)
            cases.Append($"case {i}: return {i * 7 % 1000};");
        return cases.ToString();
    }

    private static string Repeat(string statement, int count) => new StringBuilder().Insert(0, statement, count).ToString();
}
