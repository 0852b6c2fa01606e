using System.Globalization;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Http;

/// <summary>
/// The address of an HTTP destination, which may hold <c>{address}</c> and <c>{port}</c> of the original
/// destination: <c>http://10.0.0.5:{port}/</c>.
/// </summary>
internal static class DestinationTemplate
{
    /// <summary>Whether it becomes a URL for every original destination.</summary>
    public static bool IsValid(string template) =>
        Uri.TryCreate(Expand(template, new Endpoint(Address.FromIPv4(0x7F000001), 80)), UriKind.Absolute, out var uri)
        && !string.IsNullOrEmpty(uri.Host);

    /// <summary>Its host and port, for finding out where it leads; null where they cannot be told apart.</summary>
    public static StreamDestination? ToStreamDestination(string name, string template)
    {
        var schemeEnd = template.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0)
            return null;
        var authority = template[(schemeEnd + 3)..].Split('/', '?', '#')[0];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var hasPort = authority.LastIndexOf(':') > authority.LastIndexOf(']');
        var port = hasPort ? "" : template.StartsWith("https:", StringComparison.Ordinal) ? ":443" : ":80";
        return StreamDestination.TryParse(name, $"tcp://{authority}{port}", out var destination, out _) ? destination : null;
    }

    /// <summary>Whether it depends on the original destination.</summary>
    public static bool HasPlaceholders(string template) => template.Contains('{', StringComparison.Ordinal);

    public static string Expand(string template, Endpoint original) =>
        !HasPlaceholders(template) ? template : template
            .Replace(StreamDestination.AddressPlaceholder, original.Address.IsIPv6 ? $"[{original.Address}]" : original.Address.ToString(), StringComparison.Ordinal)
            .Replace(StreamDestination.PortPlaceholder, original.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
