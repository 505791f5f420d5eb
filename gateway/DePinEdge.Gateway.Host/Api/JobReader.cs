using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Turns a job request into the core's command: what needs the program's manifest or the JSON's form is checked here.</summary>
internal static class JobReader
{
    public static (JobAsked? Asked, ApiProblem? Problem) Read(JobRequest body, ProgramHash hash, ApiContext context)
    {
        if (body.PriceMicro < 0)
            return Bad("price_micro", "negative-price", $"the price {body.PriceMicro} is negative", "name 0 or more micro-credits per million fuel");
        if (body.MaxCreditsMicro < 0)
            return Bad("max_credits_micro", "bad-field", $"the bound {body.MaxCreditsMicro} is negative", "0 means no bound of your own");
        if (body.FuelLimit < 0)
            return Bad("fuel_limit", "bad-field", $"the fuel limit {body.FuelLimit} is negative", "0 means the program's own bound");
        if ((body.Range is null) == (body.Inputs is null))
            return Bad("range", "bad-field", "a job has either a range or inputs", "send exactly one of them");
        if (body.Range is { } range && (range.From < 0 || range.To <= range.From))
            return Bad("range", "bad-range", $"the range {range.From}..{range.To} is empty or negative", "from counts, to does not: 0..10 are ten tasks");
        var manifest = context.Programs.Find(hash)!.Manifest;
        if (!manifest.TryEncodeParameters(body.Params ?? new Dictionary<string, ulong>(), out var tail, out var error))
            return Bad("params", "bad-params", error!, Parameters(manifest));
        var inputs = new byte[body.Inputs?.Count ?? 0][];
        for (var i = 0; i < inputs.Length; i++)
        {
            // The serializer checks no element of a list for null.
            if (body.Inputs![i] is null)
                return Bad($"inputs[{i}]", "bad-field", $"input {i} is null", "an empty input is \"\"");
            try
            {
                inputs[i] = Convert.FromHexString(body.Inputs[i]);
            }
            catch (FormatException)
            {
                return Bad($"inputs[{i}]", "bad-field", $"input {i} is not hexadecimal", "two digits for each byte");
            }
        }
        return (new JobAsked(
            body.Requester, "", body.Title, hash, body.Range is not null, body.Range?.From ?? 0, body.Range?.To ?? 0, inputs, tail, body.FuelLimit,
            body.PriceMicro, body.MaxCreditsMicro), null);
    }

    private static (JobAsked?, ApiProblem?) Bad(string field, string code, string detail, string hint) =>
        (null, ApiProblem.Of(400, code, detail, hint, field));

    private static string Parameters(ProgramManifest manifest) => manifest.Params.Count == 0
        ? "this program has no parameters"
        : "its parameters: " + string.Join(", ", manifest.Params.Select(p => p.Default is { } value ? $"{p.Name}={value}" : p.Name + " (needed)"));
}
