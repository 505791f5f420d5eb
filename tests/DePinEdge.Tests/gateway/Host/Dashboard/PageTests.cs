using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Host.Dashboard;

/// <summary>The page's files and who may have them, over real HTTP.</summary>
public sealed partial class PageTests(PageTests.Site site) : IClassFixture<PageTests.Site>, IDisposable
{
    private static readonly string[] Files = ["", "page.css", "page.js", "mark.svg"];

    private readonly HttpClient http = new() { BaseAddress = site.Gateway.Url };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("", "text/html; charset=utf-8")]
    [InlineData("page.css", "text/css; charset=utf-8")]
    [InlineData("page.js", "text/javascript; charset=utf-8")]
    [InlineData("mark.svg", "image/svg+xml")]
    public async Task Every_file_comes_without_a_token_under_a_strict_policy(string file, string type)
    {
        var response = await http.GetAsync(file, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_file_that_did_not_change_is_not_sent_again()
    {
        foreach (var file in Files)
        {
            var first = await http.GetAsync(file, Cancel);
            Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
            using var again = new HttpRequestMessage(HttpMethod.Get, file);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            var second = await http.SendAsync(again, Cancel);
            Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (second.StatusCode, second.Headers.ETag));
            Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancel));
            using var other = new HttpRequestMessage(HttpMethod.Get, file);
            other.Headers.TryAddWithoutValidation("If-None-Match", "\"another\"");
            Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(other, Cancel)).StatusCode);
        }
    }

    [Fact]
    public async Task The_whole_page_is_under_30_kB_gzipped()
    {
        long sum = 0;
        foreach (var file in Files)
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
                gzip.Write(await http.GetByteArrayAsync(file, Cancel));
            sum += packed.Length;
        }
        Assert.InRange(sum, 1, 30_000);
    }

    [Fact]
    public async Task Nothing_is_inline_and_nothing_is_fetched_from_elsewhere()
    {
        var page = await http.GetStringAsync("", Cancel);
        Assert.DoesNotMatch(@"(?i)\son\w+=|\sstyle=|<style|javascript:", page);
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)", page);
        foreach (Match reference in Reference().Matches(page))
            Assert.Contains(reference.Groups[1].Value, new[] { "/page.css", "/page.js", "/mark.svg", "#jobs", "#devices", "#units", "#credits" });
        var script = await http.GetStringAsync("page.js", Cancel);
        Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|https?://", script);
        Assert.DoesNotContain("import", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_word_that_the_page_names_is_in_the_catalogue_and_every_reason_is_explained()
    {
        var page = await http.GetStringAsync("", Cancel);
        var script = await http.GetStringAsync("page.js", Cancel);
        var words = script[script.IndexOf("const words = {", StringComparison.Ordinal)..script.IndexOf("\n};", StringComparison.Ordinal)];
        foreach (Match word in Word().Matches(page))
            Assert.Matches(@"\b" + word.Groups[1].Value + ": '", words);
        foreach (Match word in Used().Matches(script))
            Assert.Matches(@"\b" + word.Groups[1].Value + @": ['{\n]", words);
        foreach (var reason in Enum.GetValues<ReasonCode>())
            Assert.Matches(@"\b" + ReasonNames.Of(reason) + ": '", words);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:80")]
    [InlineData("localhost:8080")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]:8080")]
    public async Task Hosts_that_name_this_machine_are_served(string host)
    {
        foreach (var file in Files)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(file, ("Host", host))).StatusCode);
    }

    [Theory]
    [InlineData("gateway.example")]
    [InlineData("127.0.0.1.example:8080")]
    [InlineData("localhost.example")]
    [InlineData("127.0.0.2")]
    [InlineData("192.168.1.5:8080")]
    [InlineData("[::2]")]
    public async Task A_host_that_is_not_loopback_is_refused_so_that_rebinding_gives_nothing(string host)
    {
        foreach (var file in Files.Append("live"))
            await RefusedAsync(await SendAsync(file, ("Host", host)), HttpStatusCode.MisdirectedRequest, "wrong-host");
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("anything")]
    public async Task What_another_sites_page_asks_for_is_refused(string site)
    {
        foreach (var file in Files.Append("live"))
            await RefusedAsync(await SendAsync(file, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors")), HttpStatusCode.Forbidden, "cross-site");
        await RefusedAsync(
            await SendAsync("live", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")), HttpStatusCode.Forbidden, "cross-site");
        await RefusedAsync(
            await SendAsync("", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")), HttpStatusCode.Forbidden, "cross-site");
    }

    [Fact]
    public async Task A_link_may_lead_a_person_to_the_page_which_carries_no_data()
    {
        var response = await SendAsync("", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData("none")]
    public async Task The_pages_own_requests_pass(string site)
    {
        foreach (var file in Files)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(file, ("Sec-Fetch-Site", site))).StatusCode);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("POST", "live")]
    [InlineData("DELETE", "page.js")]
    [InlineData("GET", "api/v1/devices")]
    [InlineData("GET", "index.html")]
    [InlineData("GET", "page.js/x")]
    public async Task Only_the_page_itself_goes_without_the_token(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request, Cancel)).StatusCode);
    }

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.NotEqual("", problem.RootElement.GetProperty("hint").GetString());
    }

    private Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    [GeneratedRegex(@"(?:href|src)=""([^""]*)""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"data-w[lp]?=""(\w+)""")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bwords\.(\w+)")]
    private static partial Regex Used();

    /// <summary>One gateway for all: these tests only look.</summary>
    public sealed class Site : IAsyncLifetime
    {
        private readonly TempFolder temp = new();

        internal TestGateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Gateway = await TestGateway.StartAsync(temp);

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            temp.Dispose();
        }
    }
}
