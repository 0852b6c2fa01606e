using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Checks keys and scalar values under <c>ReverseProxy</c>. YARP ignores what it does not know; the properties of
/// its configuration types are exactly the keys that it reads.
/// </summary>
internal static class YarpKeys
{
    /// <summary>What Everyport adds to <c>Match</c>.</summary>
    private static readonly string[] MatchExtensions = ["Ports", "Addresses", "Sources"];

    /// <summary>What Everyport adds to a route.</summary>
    private static readonly string[] RouteExtensions = ["RetryPolicy"];

    /// <summary>What Everyport adds to a cluster.</summary>
    private static readonly string[] ClusterExtensions = ["ProxyProtocol", "CircuitBreaker", "Tls"];

    /// <summary>Named by the key of the entry, not by a key inside it.</summary>
    private static readonly string[] Identities = [nameof(RouteConfig.RouteId), nameof(ClusterConfig.ClusterId)];

    /// <summary>
    /// Keys of a route that name policies of middleware that the proxy host does not have: ASP.NET Core would answer
    /// every request of the route with an error.
    /// </summary>
    private static readonly string[] Unsupported = ["AuthorizationPolicy", "OutputCachePolicy"];

    // To ask a type for its properties costs more than to read them.
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, Type>> Properties = new();

    /// <summary>Adds an error for each unknown key and each value of a wrong type; true where there is none.</summary>
    public static bool Check(IConfigurationSection reverseProxy, ConfigurationErrors errors)
    {
        var before = errors.All.Count;
        CheckEach(reverseProxy.GetSection("Routes"), typeof(RouteConfig), errors);
        CheckEach(reverseProxy.GetSection("Clusters"), typeof(ClusterConfig), errors);
        foreach (var route in reverseProxy.GetSection("Routes").GetChildren())
            YarpTransforms.Check(route, errors);
        return errors.All.Count == before;
    }

    private static void Check(IConfigurationSection section, Type type, ConfigurationErrors errors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (YarpValues.IsScalar(type))
            CheckScalar(section, type, errors);
        else if (ItemType(type) is { } item)
            CheckEach(section, item, errors, IsList(type) ? "a list" : "a section");
        else
            CheckObject(section, type, errors);
    }

    private static void CheckEach(IConfigurationSection section, Type item, ConfigurationErrors errors, string expected = "a section")
    {
        if (section.Value is { Length: > 0 })
            errors.Add(section.Path, $"'{section.Value}' is a single value; expected {expected}");
        foreach (var child in section.GetChildren())
            Check(child, item, errors);
    }

    private static void CheckObject(IConfigurationSection section, Type type, ConfigurationErrors errors)
    {
        if (section.Value is { Length: > 0 })
        {
            errors.Add(section.Path, $"'{section.Value}' is a single value; expected a section");
            return;
        }

        var properties = PropertiesOf(type);
        string[] extensions = ExtensionsOf(type);

        foreach (var child in section.GetChildren())
        {
            if (IsUnsupported(type, child.Key))
                errors.Add(child.Path, "is not supported by this version");
            else if (properties.TryGetValue(child.Key, out var property))
            {
                Check(child, property, errors);
                YarpPolicies.Check(child, type, errors);
            }
            else if (!extensions.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                errors.Add(child.Path, NearestKey.Unknown(child.Key, [.. properties.Keys, .. extensions]));
        }
    }

    /// <summary>The keys that YARP reads into one of its types, and what it makes of them.</summary>
    public static IReadOnlyDictionary<string, Type> PropertiesOf(Type type) => Properties.GetOrAdd(type, static type =>
        // The id of a route's cluster is a key; that of a cluster itself is not.
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !IsUnsupported(type, property.Name) && !(Identities.Contains(property.Name) && property.Name[..^2] + "Config" == type.Name))
            .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase));

    private static string[] ExtensionsOf(Type type) =>
        type == typeof(RouteMatch) ? MatchExtensions : type == typeof(RouteConfig) ? RouteExtensions : type == typeof(ClusterConfig) ? ClusterExtensions : [];

    private static bool IsUnsupported(Type type, string key) => type == typeof(RouteConfig) && Unsupported.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static void CheckScalar(IConfigurationSection section, Type type, ConfigurationErrors errors)
    {
        // A set of flags, as SslProtocols, is a list in configuration.
        if (type.IsEnum && section.GetChildren().Any())
        {
            foreach (var child in section.GetChildren())
                CheckScalar(child, type, errors);
            return;
        }
        if (section.Value is null)
        {
            if (section.GetChildren().Any())
                errors.Add(section.Path, "is a section; expected a single value");
            return;
        }
        if (section.Value.Length > 0 && !YarpValues.CanRead(section.Value, type))
            errors.Add(section.Path, $"'{section.Value}' is not {YarpValues.Expectation(type)}");
    }

    /// <summary>The type of the items of a list, or of the values of a dictionary.</summary>
    public static Type? ItemType(Type type)
    {
        if (!type.IsGenericType)
            return null;
        return IsList(type) || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[^1] : null;
    }

    public static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
}
