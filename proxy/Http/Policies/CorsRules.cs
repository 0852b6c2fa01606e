namespace Everyport.Proxy.Http.Policies;

/// <summary>Which pages of other origins a browser lets use a route (<c>Policies:Cors</c>). <c>*</c> stands for all.</summary>
internal sealed record CorsRules
{
    public const string Any = "*";

    public IReadOnlyList<string> Origins { get; init; } = [];

    public IReadOnlyList<string> Methods { get; init; } = [];

    public IReadOnlyList<string> Headers { get; init; } = [];

    public IReadOnlyList<string> ExposedHeaders { get; init; } = [];

    public bool Credentials { get; init; }

    public TimeSpan? MaxAge { get; init; }
}
