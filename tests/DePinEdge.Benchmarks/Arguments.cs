using System.Globalization;
using System.Reflection;

namespace DePinEdge.Benchmarks;

/// <summary>Command lines of the form <c>--name value</c> and <c>--flag</c> into a record of options: the property FlatOut is --flat-out.</summary>
internal static class Arguments
{
    /// <summary>Reads them all; throws <see cref="ArgumentException"/> naming the one that is unknown, lacks its value or does not fit.</summary>
    public static T Read<T>(IReadOnlyList<string> args)
        where T : class, new()
    {
        var options = new T();
        for (var i = 0; i < args.Count; i++)
        {
            var property = Array.Find(typeof(T).GetProperties(), one => "--" + Kebab(one.Name) == args[i])
                ?? throw new ArgumentException($"there is no option {args[i]}");
            if (property.PropertyType == typeof(bool))
                property.SetValue(options, true);
            else if (++i < args.Count)
                property.SetValue(options, Value(property, args[i]));
            else
                throw new ArgumentException($"{args[i - 1]} lacks its value");
        }
        return options;
    }

    private static object Value(PropertyInfo property, string text)
    {
        try
        {
            return Convert.ChangeType(text, property.PropertyType, CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            throw new ArgumentException($"--{Kebab(property.Name)} cannot be '{text}'", failure);
        }
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
