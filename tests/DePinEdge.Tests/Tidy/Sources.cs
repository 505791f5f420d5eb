namespace DePinEdge.Tests.Tidy;

/// <summary>The repository's own files, without what builds leave behind.</summary>
internal static class Sources
{
    private static readonly string[] Skipped = ["bin", "obj", ".git", "node_modules", "TestResults"];

    /// <summary>Files below a folder of the repository whose name matches, sorted.</summary>
    public static IReadOnlyList<string> Files(string pattern, params string[] folder)
    {
        var files = new List<string>();
        Collect(RepositoryRoot.Of(folder), pattern, files);
        files.Sort(StringComparer.Ordinal);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>Names of the folders inside a folder: no hidden ones, nothing that builds leave behind, and no data folder of a gateway
    /// that somebody ran here.</summary>
    public static IEnumerable<string> Folders(string parent) => Directory.GetDirectories(RepositoryRoot.Of(parent))
        .Where(path => !File.Exists(Path.Combine(path, "gateway.lock"))).Select(path => Path.GetFileName(path)!)
        .Where(name => name[0] != '.' && !Skipped.Contains(name));

    private static void Collect(string folder, string pattern, List<string> files)
    {
        files.AddRange(Directory.GetFiles(folder, pattern));
        foreach (var child in Directory.GetDirectories(folder))
            if (!Skipped.Contains(Path.GetFileName(child)))
                Collect(child, pattern, files);
    }
}
