using System.CommandLine;
using DePinEdge.Gateway.Host.Commands;

namespace DePinEdge.Tests.Tidy;

/// <summary>The README's lists and command lines against the repository and the program: what it names is there, and what is there it names.</summary>
public class ReadmeTests
{
    private static readonly string[] Documents =
    [
        "README.md", "gateway/README.md", "device/README.md", "device/programs/README.md",
        .. Directory.GetDirectories(RepositoryRoot.Of("device", "programs")).Select(folder => Path.Combine(folder, "README.md")),
    ];

    [Fact]
    public void The_folder_list_is_the_two_upper_levels_of_the_repository()
    {
        var listed = MarkdownTable.Rows(Readme(), "| folder | what it is |").Select(row => MarkdownTable.Code(row[0]).TrimEnd('/'));
        var there = Sources.Folders("").SelectMany(top => Sources.Folders(top).Select(child => $"{top}/{child}").Prepend(top));
        Assert.Equal(there.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_command_list_is_the_programs_own()
    {
        var listed = MarkdownTable.Rows(Readme(), "| command | what it does |").Select(row => MarkdownTable.Code(row[0])).Select(Verb).ToArray();
        Assert.Equal(Leaves(RootCommands.Create(), "depin").Order(), listed.Order());
    }

    [Fact]
    public void A_commands_arguments_stand_in_the_list_by_their_names()
    {
        foreach (var row in MarkdownTable.Rows(Readme(), "| command | what it does |"))
        {
            var words = MarkdownTable.Code(row[0]).Split(' ');
            var command = words.Skip(1).Aggregate((Command)RootCommands.Create(), (at, word) => at.Subcommands.FirstOrDefault(child => child.Name == word) ?? at);
            Assert.Equal(command.Arguments.Select(argument => argument.Name), words.Where(word => word.All(char.IsUpper)));
        }
    }

    [Fact]
    public void Every_command_line_in_a_document_is_one_that_the_program_takes()
    {
        var lines = Documents.SelectMany(document => CommandLines(File.ReadAllText(RepositoryRoot.Of(document)))).ToArray();
        Assert.True(lines.Length >= 10, $"only {lines.Length} command lines were found");
        foreach (var line in lines)
        {
            var parsed = RootCommands.Create().Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray());
            Assert.True(parsed.Errors.Count == 0, $"'{line}': {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
            Assert.Empty(parsed.CommandResult.Command.Subcommands);
        }
    }

    [Fact]
    public void Files_that_command_lines_name_are_in_the_repository()
    {
        foreach (var word in Documents.SelectMany(document => CommandLines(File.ReadAllText(RepositoryRoot.Of(document)))).SelectMany(line => line.Split(' ')))
            if (word.StartsWith("device/", StringComparison.Ordinal) || word.StartsWith("gateway/", StringComparison.Ordinal))
                Assert.True(Path.Exists(RepositoryRoot.Of(word)), $"a command line names {word}, which is not there");
    }

    [Fact]
    public void Every_command_says_what_it_does_and_every_verb_gives_an_example_that_parses()
    {
        foreach (var command in All(RootCommands.Create()))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), $"{command.Name} has no description");
            if (command.Subcommands.Count > 0)
                continue;
            var example = command.Description!.Split("Example: ");
            Assert.True(example.Length == 2, $"{command.Name} gives no example");
            var parsed = RootCommands.Create().Parse(example[1].Trim().Split(' ').Skip(1).ToArray());
            Assert.True(parsed.Errors.Count == 0, $"{example[1]}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
            Assert.Equal(command.Name, parsed.CommandResult.Command.Name);
        }
    }

    private static string Readme() => File.ReadAllText(RepositoryRoot.Of("README.md"));

    /// <summary>The lower-case words: <c>depin job show ID</c> is the verb <c>depin job show</c>.</summary>
    private static string Verb(string line) => string.Join(' ', line.Split(' ').TakeWhile(word => word.All(c => char.IsAsciiLetterLower(c) || c == '-')));

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.Where(child => !child.Hidden).SelectMany(child => Leaves(child, $"{path} {child.Name}"));

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    /// <summary>Lines after a shell's prompt that call the program, by its short name or through `dotnet run`.</summary>
    private static IEnumerable<string> CommandLines(string document)
    {
        const string run = "dotnet run --project gateway/DePinEdge.Gateway.Host --";
        foreach (var line in document.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]))
            if (line.StartsWith("depin ", StringComparison.Ordinal))
                yield return line;
            else if (line.StartsWith(run, StringComparison.Ordinal))
                yield return "depin" + line[run.Length..];
    }
}
