using System.Reflection;
using System.Security.Cryptography;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>One file of the page, embedded in the program. A browser asks each time and is answered 304 while its copy is the same.</summary>
internal sealed class DashboardFile
{
    private readonly byte[] content;
    private readonly string type, tag;

    private DashboardFile(byte[] content, string type)
    {
        this.content = content;
        this.type = type;
        tag = '"' + Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12)) + '"';
    }

    /// <summary>Reads it from the program itself.</summary>
    public static DashboardFile Read(string name, string type)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("page." + name)
            ?? throw new InvalidOperationException($"the page's file {name} is not in the program");
        using var whole = new MemoryStream();
        resource.CopyTo(whole);
        return new DashboardFile(whole.ToArray(), type);
    }

    public async Task SendAsync(HttpContext http)
    {
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',').Any(known => known.Trim() is var one && (one == tag || one == "W/" + tag || one == "*")))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }
}
