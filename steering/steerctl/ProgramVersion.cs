using System.Reflection;

namespace Everyport.Steering.Cli;

/// <summary>What this program is.</summary>
internal static class ProgramVersion
{
    /// <summary>The version as released, and what it was built from where that is known.</summary>
    public static (string Version, string? Commit) Read()
    {
        var full = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);
        return (full[0], full.ElementAtOrDefault(1));
    }
}
