using System.Globalization;

namespace Everyport.Steering.Cli;

/// <summary>Writes the number by which the kernel knows a socket, as <c>ss --extended</c> does.</summary>
internal static class SocketText
{
    public static string Of(ulong cookie) => string.Create(CultureInfo.InvariantCulture, $"sk:{cookie:x}");
}
