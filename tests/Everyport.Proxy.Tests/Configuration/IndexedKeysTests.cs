using System.Text;
using Everyport.Proxy.Configuration;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Keys that are found at once are those that .NET finds by walking over all of them.</summary>
public class IndexedKeysTests
{
    private const string Json = """{ "a": { "b": 1, "B2": { "c": [3, 4, { "d": null }], "empty": {} } }, "list": ["x", "y"], "10": 1, "9": 2, "none": [] }""";

    private static readonly KeyValuePair<string, string?>[] Later = [new("A:b", "2"), new("a:b2:C:1", "5"), new("new:key", "6"), new("list:10", "z")];

    [Fact]
    public void They_are_the_same_and_in_the_same_order()
    {
        using IDisposable expected = (ConfigurationRoot)new ConfigurationBuilder().AddJsonStream(Stream()).AddInMemoryCollection(Later).Build();
        var indexed = IndexedKeys.Build([.. SourceKeys.OfJson(Stream()), .. Later]);
        Assert.Equal(Flat((IConfigurationRoot)expected), Flat(indexed));
    }

    [Fact]
    public void A_command_line_is_read_as_ever() =>
        Assert.Equal("7", IndexedKeys.Build([.. SourceKeys.OfJson(Stream()), .. SourceKeys.OfCommandLine(["--a:b=7"])])["A:B"]);

    private static string Flat(IConfiguration configuration) => string.Join('\n', configuration.GetChildren().Select(child => $"{child.Path.ToUpperInvariant()} = {child.Value}\n{Flat(child)}"));

    private static MemoryStream Stream() => new(Encoding.UTF8.GetBytes(Json));
}
