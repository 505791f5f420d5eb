using System.Text;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>Damaged requests to the API, with and without its token: bad JSON, headers without end, lengths that lie, noise.</summary>
internal static class HttpAttack
{
    private const int PatienceMs = 200;

    private static readonly (string Verb, string Path, string Body)[] Requests =
    [
        ("GET", "/livez", ""), ("GET", "/readyz", ""), ("GET", "/metrics", ""), ("GET", "/api/v1/status", ""), ("GET", "/api/v1/devices", ""),
        ("GET", "/api/v1/jobs/j1", ""), ("GET", "/api/v1/jobs/j1/results", ""), ("POST", "/api/v1/devices:invite", """{"name":"x","owner":"y","lifetime_ms":1000}"""),
        ("POST", "/api/v1/jobs", """{"program":"primes","requester":"nobody","range":{"from":0,"to":10},"params":{"width":500,"limit":5000}}"""),
        ("POST", "/api/v1/jobs:estimate", """{"program":"primes","range":{"from":0,"to":10},"params":{"width":500,"limit":5000}}"""),
        ("POST", "/api/v1/accounts/nobody:issue", """{"amount_micro":1}"""), ("POST", "/api/v1/programs", "\0asm\u0001\0\0\0"),
        ("DELETE", "/api/v1/jobs/j999999", ""),
    ];

    public static async Task RunAsync(Attack attack, int port, string token, int seed, CancellationToken cancel)
    {
        var mutator = new Mutator(seed);
        while (attack.Take())
        {
            using var link = await RawLink.OpenAsync(port, cancel);
            attack.CountConnection();
            var alive = await link.SendAsync(Request(mutator, token), cancel);
            attack.CountSent();
            if (!alive || await link.ClosedAsync(null, PatienceMs, cancel))
                attack.CountClosed();
        }
    }

    private static byte[] Request(Mutator mutator, string token)
    {
        var (verb, path, body) = Requests[mutator.Next(Requests.Length)];
        // The body alone is damaged half of the time, so that it gets past the parser of HTTP and to ours.
        var bytes = Encoding.UTF8.GetBytes(body);
        var deep = mutator.Next(2) == 0;
        if (deep && bytes.Length > 0)
            bytes = mutator.Damage(bytes);
        var head = $"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            + (mutator.Next(4) == 0 ? "" : $"Authorization: Bearer {token}\r\n")
            + (bytes.Length == 0 ? "" : $"Content-Type: application/json\r\nContent-Length: {(mutator.Next(10) == 0 ? long.MaxValue - mutator.Next(9) : bytes.Length)}\r\n")
            + (mutator.Next(10) == 0 ? $"X-Long: {new string('x', 40_000)}\r\n" : "")
            + "\r\n";
        byte[] whole = [.. Encoding.ASCII.GetBytes(head), .. bytes];
        return deep ? whole : mutator.Damage(whole);
    }
}
