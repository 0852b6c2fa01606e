using System.Text.Json.Nodes;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration.Schema;

/// <summary>
/// Adds what YARP reads to the shape of <c>ReverseProxy</c>: the properties of its configuration types, as <see cref="YarpKeys"/> checks
/// them.
/// </summary>
internal static class YarpShapes
{
    public static void AddTo(SectionShape reverseProxy)
    {
        Add(reverseProxy["Routes"].EntryOf(""), typeof(RouteConfig));
        Add(reverseProxy["Clusters"].EntryOf(HttpReader.Kind), typeof(ClusterConfig));
    }

    private static void Add(SectionShape section, Type type)
    {
        foreach (var (key, valueType) in YarpKeys.PropertiesOf(type))
            Add(section[key], type, key, Nullable.GetUnderlyingType(valueType) ?? valueType);
        section.Close();
    }

    private static void Add(KeyShape key, Type owner, string name, Type type)
    {
        if (YarpPolicies.Of(owner, name) is { } policies)
            key.Expect(ValueForm.OneOf(policies));
        else if (YarpValues.IsScalar(type))
            key.Expect(FormOf(type));
        else if (name == nameof(RouteConfig.Transforms))
            YarpTransforms.AddTo(key);
        else if (YarpKeys.ItemType(type) is not { } item)
            Add(key.AsSection(), type);
        else if (YarpKeys.IsList(type))
            AddList(key, item);
        else if (YarpValues.IsScalar(item))
            key.AsSection(); // of names that are the user's
        else
            Add(key.EntryOf(""), item);
    }

    private static void AddList(KeyShape key, Type item)
    {
        if (YarpValues.IsScalar(item))
            key.Expect(new ValueForm(new JsonObject { ["type"] = "array", ["items"] = FormOf(item).Reference() })); // of one it has to be a list as well
        else
            Add(key.AsListOfSections(), item);
    }

    private static ValueForm FormOf(Type type) =>
        type.IsDefined(typeof(FlagsAttribute), false) ? new ValueForm(Listed(ValueForm.OneOf(Enum.GetNames(type)).Schema))
        : type.IsEnum || type == typeof(bool) ? ValueForm.Of(type)
        : type == typeof(TimeSpan) ? ValueForm.Of(type)
        : type == typeof(int) || type == typeof(long) ? new ValueForm(new JsonObject { ["type"] = "integer" })
        : ValueForm.Text;

    private static JsonObject Listed(JsonObject item) => new()
    {
        ["anyOf"] = new JsonArray(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone() }),
    };
}
