using System.CommandLine;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport reload</c>.</summary>
internal static class ReloadCommand
{
    public static Command Create(SettingsSource settings) => AdminRequest.CreateCommand(
        settings, "reload", "Has the running proxy read its configuration again; a bad one changes nothing, and is told with all its errors", HttpMethod.Post, "/api/reload");
}
