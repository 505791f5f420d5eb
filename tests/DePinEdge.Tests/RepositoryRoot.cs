namespace DePinEdge.Tests;

/// <summary>Finds the repository's top folder from the test's own output folder, for tests that read sources or sample programs.</summary>
internal static class RepositoryRoot
{
    /// <summary>Absolute path of the folder that holds DePinEdge.sln.</summary>
    public static string Path { get; } = Find();

    /// <summary>Joins path parts below the repository's top folder.</summary>
    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DePinEdge.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"no DePinEdge.sln above {AppContext.BaseDirectory}");
    }
}
