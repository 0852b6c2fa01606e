namespace Everyport.Testbed;

/// <summary>Finds files of the repository that the tests run in.</summary>
public static class Repository
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The absolute path of a file or directory.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Everyport.slnx")))
                return directory.FullName;
        }
        throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not inside the repository: no Everyport.slnx above it.");
    }
}
