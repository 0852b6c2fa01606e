namespace Everyport.Proxy.Http.Forwarding;

/// <summary>
/// The headers by which a proxy tells an origin about its client, or about a target that it has changed. Origins believe
/// them, so that no client may send them by itself.
/// </summary>
internal static class ForwardedHeaderNames
{
    private static readonly string[] Names = ["forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "x-rewrite-url"];
    private static readonly string[] Beginnings = ["x-forwarded", "x-original-"];

    public static bool Contains(string name) => name is ['x' or 'X' or 'f' or 'F' or 't' or 'T', ..] && Find(name);

    private static bool Find(string name)
    {
        foreach (var known in Names)
        {
            if (known.Length == name.Length && BeginsWith(name, known))
                return true;
        }
        foreach (var beginning in Beginnings)
        {
            if (BeginsWith(name, beginning))
                return true;
        }
        return false;
    }

    /// <summary>CGI and its descendants make the same variable of a hyphen and of an underscore.</summary>
    private static bool BeginsWith(string name, string known)
    {
        if (name.Length < known.Length)
            return false;
        for (var i = 0; i < known.Length; i++)
        {
            var letter = name[i] == '_' ? '-' : char.ToLowerInvariant(name[i]);
            if (letter != known[i])
                return false;
        }
        return true;
    }
}
