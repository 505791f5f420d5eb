using System.Security.Cryptography;
using System.Text;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>
/// The bearer token of the loopback API: whoever may read the data folder may use the gateway. Made anew at every start, so that a
/// copied token is worth nothing after the next one.
/// </summary>
internal static class ApiToken
{
    /// <summary>Makes a token and writes it where the command line finds it, readable by the owner only.</summary>
    public static string Write(DataFolder folder)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        DataFolder.WriteSecret(folder.TokenFile, Encoding.ASCII.GetBytes(token));
        return token;
    }

    /// <summary>True for the probes and the metrics, which tell numbers and no names, and for requests that carry the token; compared in constant time.</summary>
    public static bool Admits(HttpRequest request, string token)
    {
        if (request.Path == "/livez" || request.Path == "/readyz" || request.Path == "/metrics")
            return true;
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), Encoding.UTF8.GetBytes(token));
    }
}
