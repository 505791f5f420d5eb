using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class ProgressBarTests
{
    [Fact]
    public void A_log_gets_one_line_for_each_tenth()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var bar = new ProgressBar(writer, terminal: false);
        for (var done = 0; done <= 2_000; done++)
            bar.Show(done, 2_000, 31.44, (2_000 - done) / 31.44, 1, 2);
        bar.End();
        var lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.Equal("  [----------------------------]   0%  0/2000  31.4/s  eta 64 s  retried 1  refused 2", lines[0]);
        Assert.Equal("  [##############--------------]  50%  1000/2000  31.4/s  eta 32 s  retried 1  refused 2", lines[5]);
        Assert.Equal("  [############################] 100%  2000/2000  31.4/s  eta 0 s  retried 1  refused 2", lines[10]);
    }

    [Fact]
    public void A_terminal_gets_one_line_written_over()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var bar = new ProgressBar(writer, terminal: true);
        bar.Show(1, 3, 1000.5, 1000, 0, 0);
        bar.Show(3, 3, 2, 0, 0, 0);
        bar.End();
        bar.End();
        var first = "  [#########-------------------]  33%  1/3  1000.5/s  eta 1000 s  retried 0  refused 0";
        var second = "  [############################] 100%  3/3  2.0/s  eta 0 s  retried 0  refused 0";
        Assert.Equal("\r" + first + "\r" + second.PadRight(first.Length) + "\n", writer.ToString());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_unknown_eta_is_a_question_mark(double eta)
    {
        using var writer = new StringWriter();
        new ProgressBar(writer, terminal: false).Show(1, 2, 0, eta, 0, 0);
        Assert.Contains("eta ?", writer.ToString(), StringComparison.Ordinal);
    }
}
