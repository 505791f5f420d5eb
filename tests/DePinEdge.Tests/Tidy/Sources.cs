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

    private static void Collect(string folder, string pattern, List<string> files)
    {
        files.AddRange(Directory.GetFiles(folder, pattern));
        foreach (var child in Directory.GetDirectories(folder))
            if (!Skipped.Contains(Path.GetFileName(child)))
                Collect(child, pattern, files);
    }
}
