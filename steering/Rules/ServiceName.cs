using System.Text;

namespace Everyport.Steering.Rules;

/// <summary>What a service may be called: it appears in tables, labels of metrics and command lines.</summary>
public static class ServiceName
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int MaxLength = 255;

    /// <summary>What is wrong with a name, as a clause after the name in quotes; null where nothing is.</summary>
    public static string? Problem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == 0 ? "is empty"
            : Encoding.UTF8.GetByteCount(name) is > MaxLength and var length ? $"is {length} bytes long, and a name of a service has {MaxLength} at most"
            : name.Any(char.IsControl) ? "has a control character in it"
            : name != name.Trim() ? "begins or ends with a space"
            : null;
    }
}
