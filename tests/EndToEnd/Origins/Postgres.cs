namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>PostgreSQL with an empty database of its own, and without TLS.</summary>
internal static class Postgres
{
    /// <summary>It refuses to run as root.</summary>
    private static readonly string[] s_asItself = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];

    public static ServerProgram Start(NetworkNamespace @namespace, string address, int port)
    {
        var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        Command.Run("chown", "postgres", directory.Path);
        Command.Run(s_asItself[0], [.. s_asItself[1..], ProgramPath("initdb"), "--no-sync", "--auth=trust", "--locale=C", "-D", data]);
        return ServerProgram.Start(@namespace, directory, port, s_asItself[0],
            [.. s_asItself[1..], ProgramPath("postgres"), "-D", data, "-p", $"{port}", "-h", address, "-k", directory.Path, "-c", "fsync=off"]);
    }

    /// <summary>Debian keeps the programs of each version in a directory of their own, and none of them in the path.</summary>
    private static string ProgramPath(string name) =>
        Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"'{name}' is nowhere in /usr/lib/postgresql; scripts/install.sh test installs it.");
}
