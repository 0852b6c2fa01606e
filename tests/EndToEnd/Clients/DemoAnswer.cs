namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>What the built-in demo origin says about a request.</summary>
internal sealed record DemoAnswer(string OriginalDestination, string Client, string Route, string Request)
{
    public static DemoAnswer Parse(string body)
    {
        string Line(string key) =>
            body.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim()
            ?? throw new InvalidOperationException($"The demo origin did not tell its '{key}' but: {body}");
        return new DemoAnswer(Line("original destination:"), Line("client:"), Line("route:"), Line("request:"));
    }
}
