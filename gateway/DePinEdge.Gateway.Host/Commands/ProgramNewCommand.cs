using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program new NAME`: a folder with a program of one's own, ready to be built and run. It is device/programs/template by another name.</summary>
internal static class ProgramNewCommand
{
    private const string TemplateName = "template";

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The program's name and its folder's: lower case letters, digits, '-' and '_'." };
        var parent = new Option<string>("--in") { Description = "The folder that the new one is made in.", DefaultValueFactory = _ => "." };
        return Cli.LocalVerb("new", "Begin a program of your own: C source, manifest and build script.", "depin program new hello", [name, parent], (call, _) =>
        {
            var made = Write(call.Parsed.GetValue(name)!, call.Parsed.GetValue(parent)!);
            if (call.Json)
            {
                call.Out.WriteLine(JsonSerializer.Serialize(made, CliJson.Default.ProgramFolder));
                return Task.FromResult(ExitCodes.Ok);
            }
            call.Out.WriteLine($"made {made.Folder}: {string.Join(", ", made.Files)}");
            call.Out.WriteLine("build, check and run it, now and after every change, with:");
            call.Out.WriteLine($"  {made.Command}");
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static ProgramFolder Write(string name, string parent)
    {
        if (name.Length is 0 or > 32 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            throw new HostException($"{name} cannot be a program's name", "1 to 32 lower case letters, digits, '-' and '_'", ExitCodes.Usage);
        var folder = parent == "." ? name : Path.Combine(parent, name);
        if (Path.Exists(folder))
            throw new HostException($"{Path.GetFullPath(folder)} is there already", "choose another name, or work in that folder");
        Directory.CreateDirectory(folder);
        (string Resource, string File)[] files =
            [("template.c", name + ".c"), ("template.json", "manifest.json"), ("depin.h", "depin.h"), ("manifest.S", "manifest.S"), ("build.sh", "build.sh")];
        foreach (var (resource, file) in files)
        {
            var text = Encoding.UTF8.GetString(SampleJobFiles.Read(resource));
            if (file == "manifest.json")
                text = text.Replace($"\"device/programs/{TemplateName}/{TemplateName}.c\"", $"\"{name}.c\"", StringComparison.Ordinal)
                    .Replace($"\"name\": \"{TemplateName}\"", $"\"name\": \"{name}\"", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, file), text);
        }
        // The script calls this very program where a shell would not find it.
        var self = OnPath("depin") || Environment.ProcessPath is not { } path || Path.GetFileNameWithoutExtension(path) != "depin" ? "" : $"DEPIN={path} ";
        return new ProgramFolder(folder, [.. files.Select(f => f.File)], $"{self}sh {folder}/build.sh --run --index 871");
    }

    private static bool OnPath(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? command + ".exe" : command)));
}

/// <summary>What `program new --json` prints.</summary>
internal sealed record ProgramFolder(string Folder, IReadOnlyList<string> Files, string Command);
