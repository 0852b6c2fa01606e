using System.CommandLine;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport drain</c>.</summary>
internal static class DrainCommand
{
    public static Command Create(SettingsSource settings) => AdminRequest.CreateCommand(
        settings, "drain", "Has the running proxy end in an orderly way, as SIGTERM does: what is open may end by itself, nothing new comes", HttpMethod.Post, "/api/drain");
}
