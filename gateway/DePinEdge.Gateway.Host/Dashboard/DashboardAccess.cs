using System.Net;
using DePinEdge.Gateway.Host.Api;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>
/// Who may see the page. It is read-only and shows no secret, and the port listens on this machine alone, so it asks for no token; what
/// is left to keep out are other people's web pages in a browser of this machine. A name that somebody else's DNS points here (DNS
/// rebinding) shows in the Host header, which must name loopback; a request that another site makes shows in Sec-Fetch-Site.
/// </summary>
internal static class DashboardAccess
{
    private static readonly string[] Paths = ["/", "/page.css", "/page.js", "/mark.svg", "/live"];

    /// <summary>True for what this class decides about instead of the token.</summary>
    public static bool Covers(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && Paths.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the request is refused; null when it is not.</summary>
    public static ApiProblem? Refusal(HttpRequest request)
    {
        if (!IsLoopback(request.Host))
            return ApiProblem.Of(
                421, "wrong-host", $"the page answers to 127.0.0.1, [::1] and localhost, not to '{request.Host.Host}'",
                "open it on the gateway's own machine, or through ssh -L 8080:127.0.0.1:8080");
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // A link on another page may lead a person here: the page itself carries no data. Nothing else of another site gets through.
        var followed = request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        return site is "" or "none" or "same-origin" || followed
            ? null
            : ApiProblem.Of(403, "cross-site", $"the request comes from another site's page ({site})", "open the page itself in the browser");
    }

    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback)));
}
