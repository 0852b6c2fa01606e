using Everyport.Proxy.Configuration.Schema;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>The transforms of YARP: the key that names each, and those that may be beside it. YARP itself would not say which there are.</summary>
internal static class YarpTransforms
{
    private static readonly string[] SetOrAppend = ["Set", "Append"];

    public static IReadOnlyDictionary<string, string[]> Known { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["PathPrefix"] = [],
        ["PathRemovePrefix"] = [],
        ["PathSet"] = [],
        ["PathPattern"] = [],
        ["QueryValueParameter"] = SetOrAppend,
        ["QueryRouteParameter"] = SetOrAppend,
        ["QueryRemoveParameter"] = [],
        ["HttpMethodChange"] = ["Set"],
        ["RequestHeadersCopy"] = [],
        ["RequestHeaderOriginalHost"] = [],
        ["RequestHeader"] = SetOrAppend,
        ["RequestHeaderRouteValue"] = SetOrAppend,
        ["RequestHeaderRemove"] = [],
        ["RequestHeadersAllowed"] = [],
        ["X-Forwarded"] = ["For", "Host", "Proto", "Prefix", "HeaderPrefix"],
        ["Forwarded"] = ["ForFormat", "ByFormat", "Action"],
        ["ClientCert"] = [],
        ["ResponseHeadersCopy"] = [],
        ["ResponseHeader"] = [.. SetOrAppend, "When"],
        ["ResponseHeaderRemove"] = ["When"],
        ["ResponseHeadersAllowed"] = [],
        ["ResponseTrailersCopy"] = [],
        ["ResponseTrailer"] = [.. SetOrAppend, "When"],
        ["ResponseTrailerRemove"] = ["When"],
        ["ResponseTrailersAllowed"] = [],
    };

    /// <summary>Adds an error for each transform, and each key beside one, that YARP does not have.</summary>
    public static void Check(IConfigurationSection route, ConfigurationErrors errors)
    {
        foreach (var transform in route.GetSection("Transforms").GetChildren())
        {
            string[] keys = [.. transform.GetChildren().Select(child => child.Key)];
            if (Array.Find(keys, Known.ContainsKey) is not { } name)
            {
                if (keys is [var first, ..])
                    errors.Add($"{transform.Path}:{first}", $"is no transform; {NearestKey.Suggestion(first, [.. Known.Keys])}");
                continue;
            }
            foreach (var other in keys.Where(key => key != name && !Known[name].Contains(key, StringComparer.OrdinalIgnoreCase)))
                errors.Add($"{transform.Path}:{other}", Known[name].Length == 0 ? $"is an unknown key; the transform '{name}' has no other" : NearestKey.Unknown(other, Known[name]));
        }
    }

    /// <summary>Adds them to a schema, each as one of the forms that an item of the list may have.</summary>
    public static void AddTo(KeyShape transforms)
    {
        var item = transforms.AsListOfSections();
        foreach (var key in Known.SelectMany(transform => transform.Value.Prepend(transform.Key)))
            item[key].Expect(ValueForm.Text);
        item.Close();
    }
}
