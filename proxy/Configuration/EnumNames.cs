namespace Everyport.Proxy.Configuration;

/// <summary>Reads a value of which there are a few, by its name and nothing else.</summary>
internal static class EnumNames
{
    public static bool TryParse<T>(string text, out T value, out string? error) where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        var name = Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = name is null ? default : Enum.Parse<T>(name);
        error = name is null ? $"'{text}' is not one of {string.Join(", ", names.Select(known => $"'{known}'"))}" : null;
        return name is not null;
    }
}
