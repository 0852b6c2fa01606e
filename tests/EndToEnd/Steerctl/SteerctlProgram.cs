namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>The published program.</summary>
internal static class SteerctlProgram
{
    /// <summary>Where <c>make build</c> puts it.</summary>
    public static string Path
    {
        get
        {
            var path = Repository.PathOf("out", "steerctl", "steerctl");
            return File.Exists(path) ? path : throw new InvalidOperationException($"'{path}' does not exist: these tests run the published program; run 'make build' first.");
        }
    }

    public static Command.Result Try(params string[] arguments) => Command.Try(Path, arguments);

    /// <summary>Runs what must succeed.</summary>
    public static string Run(params string[] arguments) => Command.Run(Path, arguments);
}
