using System.Globalization;
using System.Text;
using Everyport.Proxy.Sniffing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// An item of <c>Match:Sni</c>: one name, as <c>a.example.com</c>, or all names below one, as <c>*.example.com</c>. As in
/// the hosts of an HTTP route, the asterisk stands for one label or more, and <c>example.com</c> itself is not meant. A name
/// in other letters is taken in the form in which it is sent (RFC 5891).
/// </summary>
internal sealed record ServerNamePattern
{
    private const string Below = "*.";
    private static readonly IdnMapping Idn = new();

    private ServerNamePattern(string name, bool isWildcard) => (Name, IsWildcard) = (name, isWildcard);

    /// <summary>The name itself, or what a name has to end with: <c>.example.com</c>.</summary>
    public string Name { get; }

    public bool IsWildcard { get; }

    /// <summary>A name goes before a wildcard, and a longer wildcard before a shorter one; 0 is for no pattern at all.</summary>
    public int Specificity => IsWildcard ? Name.Length : int.MaxValue;

    /// <summary>Whether the pattern takes a name, in lower case as <see cref="ClientHello"/> has it.</summary>
    public bool Matches(string name) =>
        IsWildcard ? name.Length > Name.Length && name.EndsWith(Name, StringComparison.Ordinal) : name == Name;

    /// <summary>Whether the pattern takes every name that the other one does.</summary>
    public bool Covers(ServerNamePattern other) => other.IsWildcard ? IsWildcard && other.Name.EndsWith(Name, StringComparison.Ordinal) : Matches(other.Name);

    public static bool TryParse(string text, out ServerNamePattern pattern, out string? error)
    {
        var isWildcard = text.StartsWith(Below, StringComparison.Ordinal);
        var name = Normalize(isWildcard ? text[Below.Length..] : text);
        pattern = new ServerNamePattern(isWildcard ? $".{name}" : name ?? "", isWildcard);
        error = name is null ? $"'{text}' is not a host name such as 'a.example.com' or '*.example.com'"
            : Address.TryParse(name, out _) ? $"'{text}' is an address, which no client may send as a server name (RFC 6066); use Addresses"
            : null;
        return error is null;
    }

    public override string ToString() => IsWildcard ? $"*{Name}" : Name;

    private static string? Normalize(string name)
    {
        try
        {
            return HostName.Normalize(Encoding.ASCII.GetBytes(Ascii.IsValid(name) ? name : Idn.GetAscii(name.ToLowerInvariant())));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
